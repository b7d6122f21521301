// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.store.log.LogFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The verifier shares no code with the writer: what both must say is held together here. */
class BlockHeadTest {
    @Test
    void shouldKnowTheFormatThatIsWritten() {
        assertEquals(LogFormat.VERSION, BlockHead.NEWEST, "the newest format: LogFormat.VERSION, BlockHead.NEWEST");
    }

    @Test
    void shouldBeDescribed() throws IOException {
        String page = Files.readString(Path.of("../docs/log-format.md"));
        int newest = page.lines().filter(line -> line.matches("\\| [0-9]+ \\| node kinds .*"))
                .mapToInt(line -> Integer.parseInt(line.split(" ")[1])).max().orElse(0);
        assertEquals(LogFormat.VERSION, newest, "docs/log-format.md, the table of versions");
    }
}
