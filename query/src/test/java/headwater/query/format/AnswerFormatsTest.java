// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.query.Answer;
import headwater.query.Explain;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.Report;
import headwater.query.Scene;
import headwater.query.Start;
import headwater.query.format.AnswerFormat.Detail;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

class AnswerFormatsTest {
    private final Scene scene = Scene.pipeline();

    private Start start(String file) {
        long object = scene.file(file);
        return new Start(file, List.of(object), scene.graph().versions(object), List.of());
    }

    private Answer ancestors(String file) {
        return Lineage.ancestors(scene.graph(), file, start(file), Limits.NONE);
    }

    private static String write(AnswerFormat format, Answer answer) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.write(answer, Detail.DEFAULT, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldTellAPersonWhereAFileCameFrom() throws IOException {
        scene.end();
        assertEquals("""
                /tmp/p.gz  file, 1 version, hw:29

                Came from (7)
                  /etc/passwd                                     read by sort /etc/passwd [102]
                  3 programs in /usr/bin                          executed by gzip [103], sort /etc/passwd [102], \
                sh -c 'sort /etc/passwd | gzip… [101]
                  3 libraries in /etc, /usr/lib/x86_64-linux-gnu  mapped by gzip [103], sort /etc/passwd [102], \
                sh -c 'sort /etc/passwd | gzip… [101]

                Processes (3)
                  sh -c 'sort /etc/passwd | gzip > /tmp/p.gz' [101]
                  ├─ sort /etc/passwd [102]
                  └─ gzip [103]

                Through (1)
                  pipe hw:11  read by gzip [103]; written by sort /etc/passwd [102]

                complete: nothing was lost; 42 nodes, 62 edges
                """, write(new TextFormat(), ancestors("/tmp/p.gz")));
    }

    @Test
    void shouldSayWhatIsMissingAndThatTheCaptureRuns() throws IOException {
        scene.graph().gap(new Gap(Gap.Cause.MAP_FULL, -1, Scene.T0, Scene.T0, 0));
        String text = write(new TextFormat(), ancestors("/tmp/p.gz"));
        assertTrue(text.contains("note: session 1 still runs (sh -c 'sort /etc/passwd | gzip > /tmp/p.gz'); the "
                + "answer is as of"
                + " now\ngap: a kernel map was full: an unknown number of records, "), text);
        assertTrue(text.endsWith("\nincomplete: 1 gap; 42 nodes, 62 edges\n"), text);
    }

    @Test
    void shouldSayThatNothingFlowedIntoAFile() throws IOException {
        scene.file("/etc/lonely");
        Limits noNames = Limits.NONE.withRelations(java.util.Set.of(headwater.model.Relation.WRITE));
        Answer answer = Lineage.ancestors(scene.graph(), "/etc/lonely", start("/etc/lonely"), noNames);
        assertTrue(write(new TextFormat(), answer).contains("\nNothing flowed into it.\n"));
    }

    @Test
    void shouldExplainStepByStep() throws IOException {
        Answer answer = Explain.between(scene.graph(), "a", start("/etc/passwd"), "b", start("/tmp/p.gz"), Limits.NONE);
        List<String> lines = write(new TextFormat(), answer).lines().toList();
        assertTrue(lines.getFirst().startsWith("/etc/passwd → /tmp/p.gz, "), lines.getFirst());
        assertTrue(lines.get(2).endsWith("/etc/passwd  ─ read →  task sort [102]"), lines.get(2));
        assertTrue(lines.stream().anyMatch(line -> line.endsWith("task gzip [103]  ─ write →  /tmp/p.gz")));
    }

    @Test
    void shouldGroupAReportByFolderAndHost() throws IOException {
        scene.exec(104, "/usr/bin/tee", "tee").read(104, "/tmp/p.gz").write(104, "/srv/b").write(104, "/srv/a");
        for (int port : new int[] {443, 80}) {
            scene.write(104, scene.connect(104, "10.0.0.5:40000", "93.184.216.34:" + port),
                    headwater.model.Relation.SEND);
        }
        scene.delete("/srv/a");
        String text = write(new TextFormat(), Report.of(scene.graph(), "x", start("/etc/passwd"), Limits.NONE));
        assertTrue(text.contains("""

                Files (3)
                  /srv/  (2)
                      a (deleted)
                      b
                  /tmp/p.gz

                Addresses (2)
                  93.184.216.34  (2)
                      tcp 443
                      tcp 80

                """), text);
    }

    @Test
    void shouldSayWhatKindsOfRecordWereLost() throws IOException {
        scene.graph().gap(new Gap(Gap.Cause.SHED, Gap.Kind.TRANSFER, 0, Scene.T0, Scene.T0 + 1, 12));
        scene.graph().gap(new Gap(Gap.Cause.SHED, Gap.Kind.ACCESS, 0, Scene.T0, Scene.T0 + 1, 3));
        scene.graph().gap(new Gap(Gap.Cause.SHED, Gap.Kind.TRANSFER, 1, Scene.T0, Scene.T0 + 1, 1));
        String text = write(new TextFormat(), ancestors("/tmp/p.gz"));
        String shed = "gap: the ring was filling, and less important records gave way: ";
        assertTrue(text.contains(shed + "15 records (opens and mappings 3, reads and writes 12) on CPU 0, "), text);
        assertTrue(text.contains(shed + "1 record (reads and writes) on CPU 1, "), text);
        assertTrue(text.contains("\nincomplete: 2 gaps; "), text);
    }

    @Test
    void shouldWriteJsonOfTheDocumentedShape() throws IOException {
        scene.bytes(scene.file("/etc/passwd"), Attribute.NAME, new byte[] {'/', 'e', (byte) 0xff, '"', '\n'});
        scene.graph().gap(new Gap(Gap.Cause.RING_FULL, Gap.Kind.TRANSFER, 1, Scene.T0, Scene.T0 + 1, 12));
        Answer answer = ancestors("/tmp/p.gz");
        String json = write(new JsonFormat(), answer);
        List<String> paths = new ArrayList<>();
        int nodes = 0;
        int edges = 0;
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String path = parser.streamReadContext().pathAsPointer(false).toString();
                if (token == JsonToken.PROPERTY_NAME && path.chars().filter(c -> c == '/').count() == 1) {
                    paths.add(path);
                }
                nodes += token == JsonToken.PROPERTY_NAME && path.matches("/nodes/[0-9]+/id") ? 1 : 0;
                edges += token == JsonToken.PROPERTY_NAME && path.matches("/edges/[0-9]+/from") ? 1 : 0;
            }
        }
        assertEquals(List.of("/query", "/complete", "/gaps", "/nodes", "/edges"), paths);
        assertEquals(answer.nodes().length, nodes);
        assertEquals(answer.flows().size(), edges);
        assertTrue(json.contains("\"complete\":false,\"gaps\":[{\"cause\":\"ring_full\",\"text\":\"the ring was "
                + "full\",\"kind\":\"transfer\",\"kind_text\":\"reads and writes\",\"lasting\":false,\"cpu\":1,"
                + "\"from\":\"2026-11-20T10:00:00Z\",\"to\":\"2026-11-20T10:00:00.000000001Z\",\"count\":12}]"), json);
        assertTrue(json.contains("{\"id\":\"hw:29@0\",\"kind\":\"file\",\"label\":\"/tmp/p.gz\",\"version\":0,"
                + "\"attributes\":{\"uid\":1000,\"gid\":1000,\"ino\":4808,\"dev\":8388609,\"mode\":33188,"
                + "\"inode_key\":\""), json);
        assertTrue(json.contains("\"label\":\"/e\\\\xff\\\"\\\\x0a\""), json);
        assertTrue(json.contains("\"name\":\"/e\\\\xff\\\"\\n\""), json);
        assertTrue(json.contains("{\"from\":\"hw:29@0\",\"to\":\"hw:15@4\",\"relation\":\"write\","
                + "\"time\":\"2026-11-20T10:00:00."),
                json);
        assertTrue(json.endsWith("]}\n"));
    }

    @Test
    void shouldWriteDotThatSurvivesAnyName() throws IOException {
        scene.text(scene.file("/etc/passwd"), Attribute.NAME, "/etc/<b>&\"x\\l\n");
        String dot = write(new DotFormat(), ancestors("/tmp/p.gz"));
        assertTrue(dot.contains("label=<&lt;b&gt;&amp;&quot;x\\l\\x0a<br/>"), dot);
        assertTrue(dot.contains("fillcolor=\"#9FB1FC\", color=\"#0000FF\""), dot);
        assertTrue(dot.contains("fillcolor=\"#FFFC87\", color=\"#808080\""), dot);
        assertFalse(dot.contains(" more\"]"), dot);
        ByteArrayOutputStream few = new ByteArrayOutputStream();
        new DotFormat().write(ancestors("/tmp/p.gz"), new Detail(true, 2), few);
        assertTrue(few.toString(StandardCharsets.UTF_8).contains("label=\"… 10 more\""), few::toString);
    }

    @Test
    void shouldDrawSvgWithGraphviz() throws IOException {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/dot")), "graphviz is not installed");
        scene.text(scene.file("/etc/passwd"), Attribute.NAME, "/etc/<b>&\"x\\l\n");
        String svg = write(new SvgFormat(), ancestors("/tmp/p.gz"));
        assertTrue(svg.contains("<svg") && svg.contains(">p.gz</text>") && svg.strip().endsWith("</svg>"), svg);
    }

    @Test
    void shouldSayHowToGetGraphviz(@TempDir Path folder) throws IOException {
        IOException missing = assertThrows(IOException.class,
                () -> write(new SvgFormat("/no/such/dot"), ancestors("/tmp/p.gz")));
        assertTrue(missing.getMessage().contains("apt-get install graphviz"), missing.getMessage());
        Path broken = Files.writeString(folder.resolve("dot"),
                "#!/bin/sh\ncat >/dev/null\necho 'it hurts' >&2\nexit 7\n");
        assertTrue(broken.toFile().setExecutable(true));
        IOException failed = assertThrows(IOException.class,
                () -> write(new SvgFormat(broken.toString()), ancestors("/tmp/p.gz")));
        assertEquals("Graphviz failed: program=" + broken + ", status=7, says=it hurts", failed.getMessage());
        Files.writeString(broken, "#!/bin/sh\nexec <&-\necho gone >&2\nexit 8\n");
        IOException deaf = assertThrows(IOException.class,
                () -> write(new SvgFormat(broken.toString()), ancestors("/tmp/p.gz")));
        assertEquals("Graphviz failed: program=" + broken + ", status=8, says=gone", deaf.getMessage());
    }
}
