// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.disclosure.DisclosureClient;
import headwater.disclosure.DisclosureException;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Answer;
import headwater.query.FileNow;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.What;
import headwater.query.WhatFinder;
import headwater.store.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What programs tell of themselves, on this machine's own kernel: by whom it is taken, and what answers make of it. Needs root. */
class DisclosureTest {
    private static final List<String> COLOURS = List.of("red", "green", "blue");

    @TempDir
    static Path folder;

    private static Path work;
    private static String strangersError;
    private static final Map<String, String> OUTCOMES = new HashMap<>();
    private static Store store;
    private static GraphView view;

    @BeforeAll
    static void record() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        work = Files.createDirectory(folder.toRealPath().resolve("work"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxrwxrwx"));
        Path headwater = Files.writeString(folder.resolve("headwater"), "#!/bin/sh\nexec " + String.join(" ", CommandLine.of()) + " \"$@\"\n");
        Files.setPosixFilePermissions(headwater, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path examples = Build.checkout().toRealPath().resolve("examples/disclosure");
        String script = """
                export PYTHONDONTWRITEBYTECODE=1 HEADWATER=%s
                for way in plain told; do
                    mkdir %s/$way
                    cd %s/$way
                    for colour in red green blue; do convert-im6.q16 -size 16x16 xc:$colour $colour.jpg; done
                done
                cd %s/plain; mogrify -format png red.jpg green.jpg blue.jpg
                cd %s/told; %s/mogrify-disclosed png red.jpg green.jpg blue.jpg
                exec python3 %s/system-tests/src/test/python/disclosures.py %s %s
                """.formatted(headwater, work, work, work, work, examples, Build.checkout().toRealPath(), examples, work);
        Process run = CommandLine.start(folder, CommandLine.of("run", "--store", folder.resolve("store").toString(), "--front-end", "trace",
                "--", "sh", "-ec", script));
        Waiting.until("the script is ready", () -> Files.exists(work.resolve("ready")) || !run.isAlive());
        if (run.isAlive()) {
            Path socket = Path.of(Files.readString(work.resolve("ready")));
            strangersError = assertThrows(DisclosureException.class, () -> DisclosureClient.connect(socket).close()).code();
        }
        Files.writeString(work.resolve("go"), "");
        CommandLine.Outcome outcome = CommandLine.finish(run, folder);
        assertEquals(0, outcome.status(), outcome::toString);
        outcome.out().lines().forEach(line -> OUTCOMES.put(line.split(" ")[0], line.split(" ")[1]));
        store = Store.openForReading(folder.resolve("store"));
        view = store.view();
    }

    @AfterAll
    static void close() {
        if (view != null) {
            view.close();
            store.close();
        }
    }

    private static Answer ancestors(String file, boolean disclosed) throws Exception {
        String what = work.resolve(file).toString();
        return Lineage.ancestors(view, what, new WhatFinder(view, FileNow::onThisMachine).find(What.parse(what)),
                Limits.NONE.withDisclosed(disclosed));
    }

    /** The images among what a file came from. */
    private static Set<String> images(Answer answer) {
        Set<String> images = new TreeSet<>();
        for (long node : answer.nodes()) {
            byte[] name = view.attributes(view.object(node)).bytes(Attribute.NAME);
            String text = name == null ? "" : new String(name, StandardCharsets.UTF_8);
            if (view.kind(view.object(node)) == NodeKind.FILE && text.endsWith(".jpg")) {
                images.add(text.substring(text.lastIndexOf('/') + 1));
            }
        }
        return images;
    }

    @Test
    void anImageComesFromAllThatMogrifyHadReadUntilItTells() throws Exception {
        for (String way : List.of("plain", "told")) {
            Set<String> read = new TreeSet<>();
            for (String colour : COLOURS) {
                read.add(colour + ".jpg");
                assertEquals(read, images(ancestors(way + "/" + colour + ".png", false)), "what was seen stays the answer");
            }
        }
        for (String colour : COLOURS) {
            assertEquals(Set.of(colour + ".jpg"), images(ancestors("told/" + colour + ".png", true)));
            assertTrue(images(ancestors("plain/" + colour + ".png", true)).contains(colour + ".jpg"));
        }
        assertEquals(3, images(ancestors("plain/blue.png", true)).size(), "nobody told of these");
    }

    @Test
    void anInputGoesToItsOwnOutputOnly() throws Exception {
        String what = work.resolve("told/red.jpg").toString();
        for (boolean disclosed : new boolean[] {false, true}) {
            Answer answer = Lineage.descendants(view, what, new WhatFinder(view, FileNow::onThisMachine).find(What.parse(what)),
                    Limits.NONE.withDisclosed(disclosed));
            Set<String> reached = new TreeSet<>();
            for (long node : answer.nodes()) {
                byte[] name = view.attributes(view.object(node)).bytes(Attribute.NAME);
                String text = name == null ? "" : new String(name, StandardCharsets.UTF_8);
                if (view.kind(view.object(node)) == NodeKind.FILE && text.endsWith(".png")) {
                    reached.add(text.substring(text.lastIndexOf('/') + 1));
                }
            }
            assertEquals(disclosed ? Set.of("red.png") : Set.of("red.png", "green.png", "blue.png"), reached);
        }
    }

    @Test
    void answersSayWhatWasUsed() throws Exception {
        String file = work.resolve("told/blue.png").toString();
        String store = folder.resolve("store").toString();
        CommandLine.Outcome outcome = CommandLine.run(folder, "ancestors", file, "--store", store);
        assertEquals(0, outcome.status(), outcome::toString);
        String seen = outcome.out();
        assertTrue(seen.contains("note: observed flows only: ") && lists(seen, "green.jpg"), outcome::toString);
        String told = CommandLine.run(folder, "ancestors", file, "--store", store, "--disclosed").out();
        assertTrue(told.contains("note: --disclosed: 1 disclosed relation followed") && !lists(told, "green.jpg"), told);
        assertTrue(told.contains("blue.jpg  disclosed as a source of "), told);
        String json = CommandLine.run(folder, "ancestors", file, "--store", store, "--disclosed", "--json").out();
        assertTrue(json.contains("\"disclosed\":true,\"disclosed_by\":\"hw:") && json.contains("\"only\":true"), json);
        String w3c = CommandLine.run(folder, "export", "--store", store, "--format", "w3c").out();
        assertTrue(w3c.contains("\"cf:hasParent\":\"cf:") && w3c.contains("\"cf:disclosed_app.width\":\"100\"")
                && w3c.contains("\"prov:type\":\"derived_disc\""), "the export marks what was told");
    }

    /** True if the answer has a line for this file; the script's own text, a command line, has them all. */
    private static boolean lists(String answer, String file) {
        return answer.lines().anyMatch(line -> line.strip().split(" ")[0].endsWith("/" + file));
    }

    @Test
    void aProcessSpeaksForItselfOnly() {
        assertEquals("not-recorded", strangersError, "one that is not recorded");
        assertSpeaksForItselfOnly(OUTCOMES);
    }

    /** @param outcomes of {@code disclosures.py}, by name */
    static void assertSpeaksForItselfOnly(Map<String, String> outcomes) {
        assertOutcomes(outcomes, "own ok", "descriptor ok", "placed ok", "nobody-own ok", "nobody-can-name ok", "after-exec-anew ok",
                "child-of-the-teller other-process", "after-exec other-program", "after-setuid other-program",
                "no-hello hello", "other-challenge challenge", "other-version version", "malformed malformed");
    }

    @Test
    void aProcessSpeaksOfItsOwnFilesOnly() {
        assertSpeaksOfItsOwnFilesOnly(OUTCOMES);
    }

    static void assertSpeaksOfItsOwnFilesOnly(Map<String, String> outcomes) {
        assertOutcomes(outcomes, "proc file", "proc-link file", "missing file", "descriptor-not-to-write file", "descriptor-not-open file",
                "descriptor-missing file", "descriptors-too-many descriptors", "nobody-cannot-write file", "nobody-hidden file",
                "nobody-hidden-missing file");
    }

    private static void assertOutcomes(Map<String, String> outcomes, String... wanted) {
        List<String> happened = new ArrayList<>();
        for (String line : wanted) {
            String name = line.split(" ")[0];
            happened.add(name + " " + outcomes.get(name));
        }
        assertEquals(List.of(wanted), happened);
    }

    @Test
    void whoFloodsFloodsHimself() {
        assertEquals("16", OUTCOMES.get("connections"));
        int lines = Integer.parseInt(OUTCOMES.get("flood"));
        // 20,000 units saved, 1000 a second, 167 for one.
        assertTrue(lines > 20 && lines < 250, "lines in three seconds: " + lines);
        assertEquals(List.of(), view.gaps(), "nothing is lost of what happened meanwhile");
    }

    @Test
    void whatWasToldStandsInTheOrderOfWhatHappened() throws Exception {
        long object = new WhatFinder(view, FileNow::onThisMachine).find(What.parse(work.resolve("placed").toString())).objects().getFirst();
        StringBuilder order = new StringBuilder();
        for (long node : view.versions(object)) {
            view.causes(node, (edge, relation, other, timeNs) -> {
                order.append(relation == Relation.WRITE ? "w" : relation == Relation.DERIVED_DISC ? "D" : "");
                return true;
            });
        }
        assertEquals("wDw", order.toString());
        long last = Long.MIN_VALUE;
        for (long edge = 0; edge < view.edges(); edge++) {
            GraphView.Edge whole = view.edge(edge);
            assertTrue(whole.timeNs() >= last, "an edge is older than the one before");
            last = whole.timeNs();
            assertFalse(whole.effect() == whole.cause());
        }
    }
}
