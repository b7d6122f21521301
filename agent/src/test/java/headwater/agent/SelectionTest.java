// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.Filter;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a policy records of the test's own processes: marks, how they spread, filters. */
class SelectionTest extends SelectionRun {
    @Test
    void anUnselectedProcessAddsNoRecord() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat source >copy; cat copy >again; rm again; (cat source | cat >piped)")) {
            recorded.assertNothing();
        }
    }

    @Test
    void disabledNothingIsRecordedWhoeverIsTracked() throws IOException {
        try (Recorded recorded = record(Policy.EVERYTHING.withEnabled(false).with(new Target.User(0), Marks.TRACK),
                "cat source >copy")) {
            recorded.assertNothing();
        }
    }

    @Test
    void aTrackedFileIsSeenWhoeverTouchesIt() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat other >copied\ncat source | cat >taken\n",
                recording -> recording.mark(folder.resolve("source"), Marks.TRACK.tainted(TAINT), Set.of()))) {
            assertTrue(recorded.isRecorded("source"));
            assertTrue(recorded.has(Relation.READ));
            assertEquals(TAINT, recorded.number("source", Attribute.TAINT));
            assertFalse(recorded.has(Relation.WRITE), "it does not propagate");
            assertFalse(recorded.isRecorded("copied"));
        }
    }

    @Test
    void marksAndTaintSpreadAlongEdges() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat source | cat >first\ncat first >second\ncat other >third",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, recorded.number("first", Attribute.TAINT));
            assertEquals(TAINT, recorded.number("second", Attribute.TAINT));
            assertEquals(5, recorded.number("second", Attribute.MARKS));
            assertFalse(recorded.isRecorded("third"));
        }
    }

    /** The thread was there before the process read what is marked. */
    @Test
    void marksStayWithAProcessToWhichAnotherThreadGivesAProgram() throws IOException {
        String script = """
                python3 -c "
                import os, threading
                read = threading.Event()
                thread = threading.Thread(target=lambda: (read.wait(), os.execv('/bin/sh', ['sh', '-c', 'echo x >made'])))
                thread.start()
                open('source').read()
                read.set()
                thread.join()
                "
                """;
        try (Recorded recorded = record(Policy.EVERYTHING, script,
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, recorded.number("made", Attribute.TAINT));
        }
    }

    @Test
    void marksStopWherePropagationIsFiltered() throws IOException {
        Policy policy = Policy.EVERYTHING.withSpreading(new Filter(Set.of(NodeKind.PIPE), Set.of()));
        try (Recorded recorded = record(policy, "cat source | cat >piped\ncat source >direct",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, recorded.number("direct", Attribute.TAINT));
            assertEquals(0, recorded.number("piped", Attribute.TAINT));
        }
    }

    @Test
    void relationsAndKindsAreFiltered() throws IOException {
        Policy policy = Policy.EVERYTHING.withFilter(new Filter(Set.of(NodeKind.DIRECTORY, NodeKind.ARGV), Set.of(Relation.READ)));
        try (Recorded recorded = record(policy, "ls . >listed\ncat source >copy")) {
            assertTrue(recorded.isRecorded("copy"));
            assertFalse(recorded.has(Relation.READ));
            assertFalse(recorded.has(NodeKind.ARGV));
            assertFalse(recorded.has(NodeKind.DIRECTORY));
            assertTrue(recorded.has(Relation.WRITE));
        }
    }

    @Test
    void anOpaqueFileAndAnOpaqueProgramAreNotRecorded() throws IOException {
        Path program = folder.resolve("mycat");
        Files.copy(Path.of("/bin/cat"), program);
        program.toFile().setExecutable(true);
        try (Recorded recorded = record(Policy.EVERYTHING, "cat source >hidden\ncat other >shown\n./mycat other >dark\ncat other >lit",
                recording -> {
                    recording.mark(folder.resolve("source"), Marks.OPAQUE, Set.of());
                    recording.mark(program, Marks.OPAQUE, Set.of());
                })) {
            assertTrue(recorded.isRecorded("shown"));
            assertTrue(recorded.isRecorded("lit"), "a child of none that is opaque");
            assertFalse(recorded.isCause("source"));
            assertFalse(recorded.isCause("mycat"));
            assertTrue(recorded.isCause("other"));
        }
    }

    @Test
    void aTrackedProgramIsFollowedWithAllThatItStarts() throws IOException {
        Path program = folder.resolve("mysh");
        Files.copy(Path.of("/bin/sh"), program);
        program.toFile().setExecutable(true);
        try (Recorded recorded = record(Policy.TRACKED, "cat source >before\n./mysh -c 'cat source >within'",
                recording -> recording.mark(program, Marks.TRACK, Set.of()))) {
            assertTrue(recorded.isRecorded("within"));
            assertFalse(recorded.isRecorded("before"));
        }
    }

    @Test
    void wholeClassesAreFiltered() throws IOException {
        try (Recorded recorded = record(Policy.EVERYTHING.withFilter(Filter.NONE.with(RelationClass.USED)),
                "cat source | cat >copy; ls . >listed")) {
            for (Relation relation : Relation.values()) {
                if (relation.relationClass() == RelationClass.USED && Filter.filterable().contains(relation)) {
                    assertFalse(recorded.has(relation), relation.text());
                }
            }
            assertTrue(recorded.has(Relation.WRITE));
        }
        forget();
        try (Recorded recorded = record(Policy.EVERYTHING.withFilter(Filter.NONE.with(RelationClass.GENERATED)
                .without(Filter.NONE.with(Relation.INODE_CREATE))), "cat source | cat >created")) {
            assertFalse(recorded.has(Relation.WRITE));
            assertTrue(recorded.has(Relation.READ), () -> recorded.relations().toString());
            assertTrue(recorded.has(Relation.INODE_CREATE));
        }
    }

    @Test
    void taintDoesNotGoAlongAFilteredRelation() throws IOException {
        Policy policy = Policy.EVERYTHING.withSpreading(Filter.NONE.with(Relation.READ, Relation.OPEN, Relation.COPY));
        try (Recorded recorded = record(policy, "cat source | cat >copy\ncp source copied",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertTrue(recorded.has(Relation.READ), "recorded all the same");
            assertEquals(0, recorded.number("copy", Attribute.TAINT));
            assertEquals(0, recorded.number("copied", Attribute.TAINT));
        }
    }
}
