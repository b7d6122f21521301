// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.outputs.OutputFormat;
import headwater.outputs.OutputSpec;
import headwater.outputs.Outputs;
import headwater.outputs.StrictConsumer;
import headwater.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Outputs follow a recording of real programs: two sessions, one store. */
class OutputLiveTest {
    private static final List<OutputFormat> FORMATS = List.of(OutputFormat.W3C, OutputFormat.SPADE_JSON);

    @TempDir
    Path folder;

    private void record(Store store, String script) throws IOException, InterruptedException {
        List<byte[]> words = Stream.of("/bin/sh", "-c", script).map(String::getBytes).toList();
        Recording.Plan plan = new Recording.Plan(FrontEnd.TRACE, false, "sh", 1 << 20);
        try (Recording recording = Recording.start(store, plan); GatedCommand gated = GatedCommand.start(words)) {
            recording.adopt(gated.pid());
            gated.release();
            while (gated.isAlive()) {
                recording.doWork();
                Thread.sleep(1);
            }
            assertEquals(0, gated.status());
            recording.stop();
        }
    }

    @Test
    void shouldFollowARecordingOfRealPrograms() throws IOException, InterruptedException {
        List<String> said = Collections.synchronizedList(new ArrayList<>());
        List<OutputSpec> specs = FORMATS.stream().map(format -> new OutputSpec(format.text(), "log", format,
                Map.of("path", folder.resolve(format.text()).toString()))).toList();
        Path data = Files.createDirectory(folder.resolve("data"));
        try (Store store = Store.openForWriting(folder.resolve("store"), "test");
                Outputs outputs = Outputs.start(store.path(), specs, Outputs.durable(store.writer()), said::add)) {
            for (int session = 0; session < 2; session++) {
                record(store, "cd " + data + "; for i in 1 2 3 4 5; do sort /etc/passwd | gzip >p.gz; gunzip <p.gz >q; cp q r; mv r s;"
                        + " sleep 0.3; done");
            }
            assertTrue(outputs.await(Duration.ofSeconds(60)), () -> outputs.status().toString());
            assertEquals(List.of(), said);
            long edges = store.writer().nextEdge();
            long nodes = store.writer().nextNode();
            for (OutputFormat format : FORMATS) {
                StrictConsumer consumer = new StrictConsumer();
                for (String line : Files.readAllLines(folder.resolve(format.text()), StandardCharsets.UTF_8)) {
                    if (format == OutputFormat.W3C) {
                        consumer.w3c(line);
                    } else {
                        consumer.spade(line + "\n");
                    }
                }
                assertEquals(edges, consumer.edges(), format.text());
                assertEquals(nodes, consumer.nodes(), format.text());
                consumer.acyclic();
            }
            assertTrue(Files.readString(folder.resolve("w3c")).contains("\"cf:name\":\"" + data.resolve("p.gz") + "\""));
        }
    }
}
