// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.FileNow;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.MemoryGraph;
import headwater.query.NothingFoundException;
import headwater.query.Scene;
import headwater.query.What;
import headwater.query.WhatFinder;
import headwater.query.format.SpadeFormat;
import headwater.query.format.W3cFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CamFlow's two formats, into a store and out again. */
class CamflowImportTest {
    private static final String PROCESS = "cf:AAAIAAAAACAuowEAAAAAAAMAAAA+200UAQAAAAAAAAA=";
    private static final String TASK = "cf:AQAAAAAAAEAtowEAAAAAAAMAAAA+200UAgAAAAAAAAA=";
    private static final String FILE = "cf:AAEAAAAAACDKAAAAAAAAAAMAAAA+200UAwAAAAAAAAA=";
    private static final String READ = "cf:AQAAAAAAIICEAwAAAAAAAAMAAAA+200UAAAAAAAAAAA=";
    private static final String HEAD = "{\"prefix\":{\"prov\" : \"http://www.w3.org/ns/prov\", \"cf\":\"http://www.camflow.org\"";
    private static final String TASK_BODY = "{\"cf:id\":\"107309\",\"prov:type\":\"task\",\"cf:boot_id\":3,\"cf:machine_id\":\"cf:340646718\","
            + "\"cf:version\":2,\"cf:date\":\"2023:01:02T03:04:05\",\"cf:taint\":\"8001\",\"cf:jiffies\":\"4294759940\",\"cf:epoch\":2,"
            + "\"cf:name\":\"/usr/bin/wget\",\"cf:pid\":2086,\"cf:vpid\":6,\"cf:utime\":\"11271\",\"cf:ours\":\"what nobody knows\","
            + "\"prov:label\":\"[task] 2\"}";
    private static final String FILE_BODY = "{\"cf:id\":\"202\",\"prov:type\":\"file\",\"cf:boot_id\":3,\"cf:machine_id\":\"cf:340646718\","
            + "\"cf:version\":3,\"cf:date\":\"2023:01:02T03:04:05\",\"cf:taint\":\"0\",\"cf:jiffies\":\"4294759940\",\"cf:epoch\":2,"
            + "\"cf:name\":\"/etc/hosts\",\"cf:uid\":1000,\"cf:gid\":1000,\"cf:mode\":\"0x81a4\",\"cf:ino\":4801,"
            + "\"prov:label\":\"[file] 3\"}";
    private static final String READ_BODY = "{\"cf:id\":\"900\",\"prov:type\":\"read\",\"cf:boot_id\":3,\"cf:machine_id\":\"cf:340646718\","
            + "\"cf:date\":\"2023:01:02T03:04:05\",\"cf:jiffies\":\"4294759942\",\"cf:epoch\":2,\"prov:label\":\"read\",\"cf:allowed\":\"true\","
            + "\"prov:entity\":\"" + FILE + "\",\"prov:activity\":\"" + TASK
            + "\",\"cf:offset\":\"4096\",\"cf:flags\":\"4\"}";

    @TempDir
    private Path folder;

    /** Each member of a document, whatever the order, as section, id and body. */
    static Set<String> members(String documents) {
        Set<String> members = new TreeSet<>();
        for (String line : documents.split("\n")) {
            JsonBody.of(line).members().forEach((section, content) -> {
                if (!section.equals("prefix")) {
                    ((Map<?, ?>) content).forEach((id, body) -> members.add(section + ' ' + id + ' ' + body));
                }
            });
        }
        return members;
    }

    static String document(String... sections) {
        StringBuilder text = new StringBuilder(HEAD);
        for (int i = 0; i < sections.length; i += 2) {
            text.append("}, \"").append(sections[i]).append("\":{").append(sections[i + 1]);
        }
        return text.append("}}\n").toString();
    }

    private static String member(String id, String body) {
        return '"' + id + "\":" + body;
    }

    @Test
    void shouldGiveBackAllThatItWasGiven() throws IOException {
        Scene scene = Scene.pipeline();
        long machine = scene.object(NodeKind.MACHINE);
        scene.flow(Relation.RAN_ON, machine, scene.task(101));
        scene.connect(103, "10.0.0.5:40000", "93.184.216.34:443");
        MemoryGraph graph = scene.graph();
        ByteArrayOutputStream w3c = new ByteArrayOutputStream();
        new W3cFormat().writeAll(graph, w3c);
        ByteArrayOutputStream spade = new ByteArrayOutputStream();
        new SpadeFormat().writeAll(graph, spade);
        try (Imported imported = Imported.of(folder.resolve("1"), w3c.toString(StandardCharsets.UTF_8))) {
            assertEquals(ImportFormat.W3C, imported.format);
            assertEquals(List.of(), imported.faults);
            assertEquals(graph.edges(), imported.view.edges());
            assertEquals(members(w3c.toString(StandardCharsets.UTF_8)), members(imported.export(new W3cFormat())));
            assertEquals(List.of(), imported.view.gaps());
        }
        try (Imported imported = Imported.of(folder.resolve("2"), spade.toString(StandardCharsets.UTF_8))) {
            assertEquals(ImportFormat.SPADE, imported.format);
            assertEquals(lines(spade.toString(StandardCharsets.UTF_8)), lines(imported.export(new SpadeFormat())));
            assertEquals(graph.edges(), imported.view.edges());
            // By way of the other dialect nothing is lost but the labels that SPADE never had.
            assertEquals(graph.edges(), members(imported.export(new W3cFormat())).stream()
                    .filter(member -> member.startsWith("was") || member.startsWith("used")).count());
        }
    }

    private static Set<String> lines(String text) {
        return text.lines().map(line -> JsonBody.of(line).toString()).collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void shouldTakeStatementsInAnyOrder() throws IOException {
        Scene scene = Scene.pipeline();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new W3cFormat().writeAll(scene.graph(), out);
        String whole = out.toString(StandardCharsets.UTF_8);
        long seed = System.nanoTime();
        System.out.println("CamflowImportTest seed=" + seed);
        // Each statement in a document of its own, shuffled: edges before their nodes, newer versions before older
        // ones.
        List<String> documents = new java.util.ArrayList<>();
        JsonBody.of(whole.lines().findFirst().orElseThrow()).members().forEach((section, content) -> {
            if (!section.equals("prefix")) {
                ((Map<?, ?>) content).keySet()
                        .forEach(id -> documents.add(document(section, member((String) id, raw(whole, (String) id)))));
            }
        });
        Collections.shuffle(documents, new Random(seed));
        try (Imported straight = Imported.of(folder.resolve("1"), whole);
                Imported shuffled = Imported.of(folder.resolve("2"), String.join("", documents))) {
            assertEquals(members(whole), members(shuffled.export(new W3cFormat())), () -> "seed=" + seed);
            assertEquals(straight.view.nodes(), shuffled.view.nodes());
            assertEquals(0, shuffled.figures.undefined());
            for (long object = 0; object < shuffled.view.objects(); object++) {
                long[] versions = shuffled.view.versions(object);
                assertArrayEquals(IntStream.range(0, versions.length).toArray(),
                        Arrays.stream(versions).mapToInt(shuffled.view::version).toArray(), () -> "seed=" + seed);
            }
            assertEquals(relations(straight), relations(shuffled));
        }
    }

    private static String raw(String document, String id) {
        int from = document.indexOf('"' + id + "\":{") + id.length() + 3;
        int depth = 0;
        int to = from;
        do {
            depth += document.charAt(to) == '{' ? 1 : document.charAt(to) == '}' ? -1 : 0;
            to++;
        } while (depth > 0);
        return document.substring(from, to);
    }

    private static List<Relation> relations(Imported imported) {
        return IntStream.range(0, (int) imported.view.edges()).mapToObj(edge -> imported.view.edge(edge).relation())
                .toList();
    }

    @Test
    void shouldKnowWhatItSays() throws IOException, NothingFoundException {
        try (Imported imported = Imported.of(folder, document("activity", member(TASK, TASK_BODY), "entity",
                member(FILE, FILE_BODY),
                "used", member(READ, READ_BODY)))) {
            assertEquals(NodeKind.FILE, imported.view.kind(imported.view.object(imported.view.edge(0).cause())));
            assertEquals(Relation.READ, imported.view.edge(0).relation());
            assertEquals(4, imported.view.edge(0).flags());
            assertEquals(4096, imported.view.edge(0).offset());
            assertEquals(1_672_628_645_000_000_000L, imported.view.edge(0).timeNs());
            var file = imported.view.attributes(imported.view.object(imported.view.edge(0).cause()));
            assertEquals("/etc/hosts", new String(file.bytes(Attribute.NAME), StandardCharsets.UTF_8));
            assertEquals(0x81a4, file.number(Attribute.MODE, 0));
            assertEquals(1, file.number(Attribute.IMPORTED, 0));
            var session = imported.view.sessions().getFirst();
            assertTrue(session.isImported() && session.scope().equals("w3c")
                    && session.command().startsWith("test sha256:"));
            // By the name in it, by its identifier, by the process's number: the same questions as of what was
            // captured.
            FileNow.Lookup gone = path -> new FileNow(path, path, false, false, 0, 0);
            WhatFinder finder = new WhatFinder(imported.view, gone);
            for (String what : new String[] {"pid:2086", TASK}) {
                var answer = Lineage.ancestors(imported.view, what, finder.find(What.parse(what)), Limits.NONE);
                assertEquals(2, answer.nodes().length, what);
                assertTrue(answer.completeness().complete());
            }
            assertEquals(1, finder.find(What.parse("/etc/hosts")).nodes().length);
        }
    }

    @Test
    void shouldLeaveOutOnlyWhatIsBroken() throws IOException {
        String broken = FILE_BODY.replace("/etc/hosts", "/tmp/a\"b");
        String source = document("activity", member(TASK, TASK_BODY), "entity", member(FILE, broken) + ","
                + member(PROCESS,
                FILE_BODY.replace("\"file\"", "\"process_memory\"")), "used", member(READ, READ_BODY))
                + "this is no document\n" + document("activity", member(TASK, TASK_BODY))
                + "{\"prefix\":{\"cf\":\"x\"}, \"entity\":{"
                + member(FILE, "{\"prov:type\":\"file\"");
        try (Imported imported = Imported.of(folder, source)) {
            assertEquals(3, imported.figures.bad(), imported.faults::toString);
            assertTrue(imported.faults.get(0).contains("line 1, column " + (source.indexOf("a\"b\"") + 3)),
                    imported.faults::toString);
            assertTrue(imported.faults.get(1).contains("line 2, column 1"), imported.faults::toString);
            assertTrue(imported.faults.get(2).contains("line 4"), imported.faults::toString);
            assertEquals(1, imported.figures.repeated());
            assertEquals(3, imported.figures.statements());
            // The file is known by the edge that names it: its kind is in its identifier.
            assertEquals(1, imported.figures.undefined());
            assertEquals(NodeKind.FILE, imported.view.kind(imported.view.object(imported.view.edge(0).cause())));
            Gap gap = imported.view.gaps().getFirst();
            assertEquals(Gap.Cause.NOT_IMPORTED, gap.cause());
            assertEquals(3, gap.count());
            assertEquals(imported.view.edge(0).timeNs(), gap.toNs());
            var start = new headwater.query.Start("x", List.of(imported.view.object(imported.view.edge(0).effect())),
                    new long[] {imported.view.edge(0).effect()}, List.of());
            assertFalse(Lineage.ancestors(imported.view, "x", start, Limits.NONE).completeness().complete());
        }
    }

    @Test
    void shouldKeepWhatItDoesNotKnow() throws IOException {
        String source = document("activity", member(TASK, TASK_BODY), "entity",
                member("cf:new", "{\"prov:type\":\"wormhole\",\"cf:x\":1.10}"),
                "used", member("cf:e1", "{\"prov:type\":\"munmap\",\"prov:entity\":\"cf:new\",\"prov:activity\":\""
                + TASK + "\"}"),
                "wasGeneratedBy",
                member("cf:e2", "{\"prov:type\":\"write\",\"prov:entity\":\"cf:new\",\"prov:activity\":\"" + TASK
                + "\"}"));
        try (Imported imported = Imported.of(folder, source)) {
            assertEquals(List.of(), imported.faults);
            assertEquals(members(source), members(imported.export(new W3cFormat())));
            assertTrue(imported.export(new W3cFormat()).contains("\"cf:x\":1.10"));
            // A cycle: both edges are there.
            assertEquals(List.of(Relation.USED, Relation.WRITE), relations(imported));
            assertEquals(NodeKind.ENTITY, imported.view.kind(imported.view.object(imported.view.edge(0).cause())));
            Map<String, Integer> count = new HashMap<>();
            count.merge("nodes", (int) imported.view.nodes(), Integer::sum);
            // Two nodes, and three of statements: of nodes, of edges, of prefixes.
            assertEquals(Map.of("nodes", 5), count);
        }
    }
}
