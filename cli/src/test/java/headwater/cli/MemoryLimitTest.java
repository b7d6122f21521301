// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to a large store from a Java with 64 MB of heap: whose answers would not fit. */
class MemoryLimitTest {
    private static final int FILES = 400_000;
    private static final long T0 = 1_795_168_800_000_000_000L;

    @TempDir
    static Path folder;

    /** One process that reads so many files, and writes one: a linker, or a backup. */
    @BeforeAll
    static void write() {
        try (Store store = Store.openForWriting(folder.resolve("store"), "test")) {
            GraphSink sink = store.writer();
            sink.sessionStart(new Session(1, "boot", 1, 1, "trace", "system", "", T0, 0));
            long nodes = 0;
            long objects = 0;
            long edges = 0;
            long timeNs = T0;
            long task = 0;
            sink.node(nodes++, objects++, 0, NodeKind.TASK, timeNs);
            for (int i = 0; i < FILES; i++) {
                timeNs += 1000;
                byte[] name = ("/usr/include/part" + i % 300 + "/header" + i + ".h").getBytes(StandardCharsets.UTF_8);
                sink.node(nodes, objects, 0, NodeKind.FILE, timeNs);
                sink.attribute(objects, Attribute.NAME, MemorySegment.ofArray(name), 0, name.length, timeNs);
                sink.edge(edges++, Relation.READ, nodes, task, timeNs, task, 4, 0);
                nodes++;
                objects++;
                if (i % 4 == 0) {
                    // The process has been seen: a new version.
                    sink.node(nodes, 0, i / 4 + 1, NodeKind.TASK, timeNs);
                    sink.edge(edges++, Relation.VERSION_ACTIVITY, task, nodes, timeNs, task, 0, -1);
                    task = nodes++;
                }
            }
            byte[] name = "/out".getBytes(StandardCharsets.UTF_8);
            sink.node(nodes, objects, 0, NodeKind.FILE, timeNs);
            sink.attribute(objects, Attribute.NAME, MemorySegment.ofArray(name), 0, name.length, timeNs);
            sink.edge(edges, Relation.WRITE, task, nodes, timeNs, task, 2, 0);
            store.writer().sessionEnd(timeNs + 1);
            store.refreshIndex();
        }
    }

    private record Said(int exit, long lines, long characters, String first, String last) {
    }

    private static Said ask(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "-Xmx64m",
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED", "-cp",
                System.getProperty("java.class.path"),
                "headwater.cli.Main"));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--store", folder.resolve("store").toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        long lines = 0;
        long characters = 0;
        StringBuilder first = new StringBuilder();
        String last = "";
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            char[] buffer = new char[1 << 16];
            for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
                characters += read;
                for (int i = 0; i < read; i++) {
                    lines += buffer[i] == '\n' ? 1 : 0;
                }
                if (first.length() < 4096) {
                    first.append(buffer, 0, Math.min(read, 4096));
                }
                last = (last + new String(buffer, 0, read));
                last = last.substring(Math.max(0, last.length() - 400));
            }
        }
        return new Said(process.waitFor(), lines, characters, first.toString(), last);
    }

    @Test
    void shouldPrintAPageOfAnAnswerOfHalfAMillionNodes() throws Exception {
        Said said = ask("ancestors", "/out");
        assertEquals(0, said.exit(), said.toString());
        assertTrue(said.first().startsWith("A large answer: 400,002 objects in 500,002 versions"), said.toString());
        assertTrue(said.lines() < 200, said.toString());
        assertTrue(said.last().endsWith("complete: nothing was lost; 500002 nodes, 500001 edges\n"), said.toString());
    }

    @Test
    void shouldStreamAllOfItAsJson() throws Exception {
        Said said = ask("ancestors", "/out", "--json");
        assertEquals(0, said.exit(), said.toString());
        assertTrue(said.characters() > 100L * FILES && said.last().endsWith("}]}\n"), said.toString());
    }

    @Test
    void shouldStreamRowsAndBoundWhatIsRemembered() throws Exception {
        Said rows = ask("query", "MATCH (f:file) WHERE f in ancestors('/out') RETURN f.path", "--json");
        assertEquals(0, rows.exit(), rows.toString());
        assertEquals(FILES + 1, rows.lines(), rows.toString());
        Said counted = ask("query", "MATCH (o:file {path: '/out'})-[*]->(f:file) RETURN count(*)");
        assertTrue(counted.exit() == 0 && counted.first().startsWith("count(*)\n" + FILES + "\n"), counted.toString());
        Said sorted = ask("query", "MATCH (f:file) RETURN f.path ORDER BY f.path LIMIT 2");
        assertTrue(sorted.exit() == 0 && sorted.first().contains("/out\n/usr/include/part0/header0.h\n"),
                sorted.toString());
        Said path = ask("explain", "/usr/include/part7/header7.h", "/out", "--time-limit", "60s");
        assertEquals(0, path.exit(), path.toString());
    }
}
