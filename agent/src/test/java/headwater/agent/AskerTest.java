// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Who asked is told by what runs, and by what it was to do, however long the command is. */
class AskerTest {
    @Test
    void shouldKeepBothEndsOfALongCommand() {
        String classPath = "/usr/share/java/some-library.jar:".repeat(1000);
        String command = Asker.bounded("/usr/bin/java -cp " + classPath + " headwater.cli.Main camflow -a true");
        assertEquals(4096, command.length());
        assertTrue(command.startsWith("/usr/bin/java -cp /usr/share/java/") && command.contains(" … ")
                && command.endsWith(" headwater.cli.Main camflow -a true"), command);
    }

    @Test
    void shouldKeepAllOfAShortOne() {
        assertEquals("camflow -a true", Asker.bounded("camflow -a true"));
    }
}
