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
            assertEquals(0, recorded.figures().records());
        }
    }

    @Test
    void disabledNothingIsRecordedWhoeverIsTracked() throws IOException {
        try (Recorded recorded = record(Policy.EVERYTHING.withEnabled(false).with(new Target.User(0), Marks.TRACK),
                "cat source >copy")) {
            assertEquals(0, recorded.figures().records());
        }
    }

    @Test
    void aTrackedFileIsSeenWhoeverTouchesIt() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat other >copied\ncat source | cat >taken\n",
                recording -> recording.mark(folder.resolve("source"), Marks.TRACK.tainted(TAINT), Set.of()))) {
            assertTrue(isRecorded(recorded.view(), "source"));
            assertTrue(has(recorded.view(), Relation.READ));
            assertEquals(TAINT, number(recorded.view(), "source", Attribute.TAINT));
            assertFalse(has(recorded.view(), Relation.WRITE), "it does not propagate");
            assertFalse(isRecorded(recorded.view(), "copied"));
        }
    }

    @Test
    void marksAndTaintSpreadAlongEdges() throws IOException {
        try (Recorded recorded = record(Policy.TRACKED, "cat source | cat >first\ncat first >second\ncat other >third",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, number(recorded.view(), "first", Attribute.TAINT));
            assertEquals(TAINT, number(recorded.view(), "second", Attribute.TAINT));
            assertEquals(5, number(recorded.view(), "second", Attribute.MARKS));
            assertFalse(isRecorded(recorded.view(), "third"));
        }
    }

    @Test
    void marksStopWherePropagationIsFiltered() throws IOException {
        Policy policy = Policy.EVERYTHING.withSpreading(new Filter(Set.of(NodeKind.PIPE), Set.of()));
        try (Recorded recorded = record(policy, "cat source | cat >piped\ncat source >direct",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertEquals(TAINT, number(recorded.view(), "direct", Attribute.TAINT));
            assertEquals(0, number(recorded.view(), "piped", Attribute.TAINT));
        }
    }

    @Test
    void relationsAndKindsAreFiltered() throws IOException {
        Policy policy = Policy.EVERYTHING.withFilter(new Filter(Set.of(NodeKind.DIRECTORY, NodeKind.ARGV), Set.of(Relation.READ)));
        try (Recorded recorded = record(policy, "ls . >listed\ncat source >copy")) {
            assertTrue(isRecorded(recorded.view(), "copy"));
            assertFalse(has(recorded.view(), Relation.READ));
            assertFalse(has(recorded.view(), NodeKind.ARGV));
            assertFalse(has(recorded.view(), NodeKind.DIRECTORY));
            assertTrue(has(recorded.view(), Relation.WRITE));
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
            assertTrue(isRecorded(recorded.view(), "shown"));
            assertTrue(isRecorded(recorded.view(), "lit"), "a child of none that is opaque");
            assertFalse(isCause(recorded.view(), "source"));
            assertFalse(isCause(recorded.view(), "mycat"));
            assertTrue(isCause(recorded.view(), "other"));
        }
    }

    @Test
    void aTrackedProgramIsFollowedWithAllThatItStarts() throws IOException {
        Path program = folder.resolve("mysh");
        Files.copy(Path.of("/bin/sh"), program);
        program.toFile().setExecutable(true);
        try (Recorded recorded = record(Policy.TRACKED, "cat source >before\n./mysh -c 'cat source >within'",
                recording -> recording.mark(program, Marks.TRACK, Set.of()))) {
            assertTrue(isRecorded(recorded.view(), "within"));
            assertFalse(isRecorded(recorded.view(), "before"));
        }
    }

    @Test
    void wholeClassesAreFiltered() throws IOException {
        try (Recorded recorded = record(Policy.EVERYTHING.withFilter(Filter.NONE.with(RelationClass.USED)),
                "cat source | cat >copy; ls . >listed")) {
            for (Relation relation : Relation.values()) {
                if (relation.relationClass() == RelationClass.USED && Filter.filterable().contains(relation)) {
                    assertFalse(has(recorded.view(), relation), relation.text());
                }
            }
            assertTrue(has(recorded.view(), Relation.WRITE));
        }
        delete(folder.resolve("store"));
        try (Recorded recorded = record(Policy.EVERYTHING.withFilter(Filter.NONE.with(RelationClass.GENERATED)
                .without(Filter.NONE.with(Relation.INODE_CREATE))), "cat source | cat >created")) {
            assertFalse(has(recorded.view(), Relation.WRITE));
            assertTrue(has(recorded.view(), Relation.READ), () -> relations(recorded.view()).toString());
            assertTrue(has(recorded.view(), Relation.INODE_CREATE));
        }
    }

    @Test
    void taintDoesNotGoAlongAFilteredRelation() throws IOException {
        Policy policy = Policy.EVERYTHING.withSpreading(Filter.NONE.with(Relation.READ, Relation.OPEN, Relation.COPY));
        try (Recorded recorded = record(policy, "cat source | cat >copy\ncp source copied",
                recording -> recording.mark(folder.resolve("source"), Marks.PROPAGATE.tainted(TAINT), Set.of()))) {
            assertTrue(has(recorded.view(), Relation.READ), "recorded all the same");
            assertEquals(0, number(recorded.view(), "copy", Attribute.TAINT));
            assertEquals(0, number(recorded.view(), "copied", Attribute.TAINT));
        }
    }
}
