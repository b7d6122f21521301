// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.store.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openprovenance.prov.interop.InteropFramework;
import org.openprovenance.prov.model.Document;
import org.openprovenance.prov.model.interop.Formats.ProvFormat;

/** An independent reader of PROV-JSON takes every document that an output wrote, with all that is in it. */
class ProvToolboxTest {
    @TempDir
    Path folder;

    @Test
    void shouldReadEveryDocument() throws IOException {
        try (Store store = Store.openForWriting(folder.resolve("store"), "test")) {
            LongCapture capture = new LongCapture(store.writer(), 5);
            capture.begin();
            capture.go(6_000);
            capture.end();
            store.writer().sync();
            OutputSpec spec = new OutputSpec("out", "log", OutputFormat.W3C, Map.of("path", folder.resolve("out").toString()));
            try (Outputs outputs = Outputs.start(store.path(), List.of(spec), line -> { })) {
                outputs.await(Duration.ofSeconds(60));
            }
            InteropFramework toolbox = new InteropFramework();
            long edges = 0;
            for (String line : Files.readAllLines(folder.resolve("out"))) {
                Document document = toolbox.readDocument(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)), ProvFormat.JSON);
                edges += document.getStatementOrBundle().stream().filter(statement -> switch (statement.getKind()) {
                    case PROV_USAGE, PROV_GENERATION, PROV_COMMUNICATION, PROV_ASSOCIATION, PROV_DERIVATION, PROV_INFLUENCE -> true;
                    default -> false;
                }).count();
            }
            assertEquals(capture.edges(), edges);
        }
    }
}
