// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.query.FileNow;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where nobody records. What is told where somebody does is for the system tests. */
class DiscloseVerbTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        err.reset();
        return Main.run(arguments, new Context(new ByteArrayOutputStream(), new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("PATH", System.getenv("PATH")), Clock.systemUTC(), path -> {
                    throw new AssertionError("no store is needed");
                }, FileNow::onThisMachine));
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldRunTheCommandAndSayThatNothingWasTold() {
        Path made = folder.resolve("made");
        String socket = folder.resolve("none").toString();
        assertEquals(0, run("disclose", "--socket", socket, "--derived", made.toString(), "/etc/hosts", "--", "touch", made.toString()));
        assertTrue(Files.exists(made));
        assertTrue(err().startsWith("headwater: nothing was told: no recording listens"), this::err);
        assertEquals(3, run("disclose", "--socket", socket, "--derived", "o", "i", "--", "sh", "-c", "exit 3"));
        assertEquals("", err());
        assertEquals(127, run("disclose", "--derived", "o", "i", "--", "no-such-command-here"));
    }

    @Test
    void shouldFailIfToTellIsAllThereIsToDo() {
        assertEquals(4, run("disclose", "--socket", folder.resolve("none").toString(), "--log", "x"));
        assertTrue(err().contains("no recording listens"), this::err);
    }

    @Test
    void shouldRefuseToTellNothing() {
        assertEquals(2, run("disclose", "--", "true"));
        assertTrue(err().contains("nothing to tell"), this::err);
        assertEquals(2, run("disclose", "--derived", "o"));
        assertFalse(err().isEmpty());
    }
}
