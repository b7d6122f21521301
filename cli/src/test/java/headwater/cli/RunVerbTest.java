// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunVerbTest {
    @TempDir
    Path folder;

    private int refused(String command) {
        Failure failure = assertThrows(Failure.class, () -> RunVerb.requireExecutable(command, folder + ":/usr/bin:"));
        assertTrue(failure.getMessage().contains(command), failure::getMessage);
        return failure.exitCode();
    }

    @Test
    void shouldTakeWhatCanBeExecuted() throws Exception {
        assertTrue(Files.createFile(folder.resolve("tool")).toFile().setExecutable(true));
        RunVerb.requireExecutable("tool", folder.toString());
        RunVerb.requireExecutable(folder.resolve("tool").toString(), "");
        RunVerb.requireExecutable("sh", "/nowhere:/usr/bin:/bin");
    }

    @Test
    void shouldSayThatThereIsNoCommand() {
        assertEquals(127, refused(""));
        assertEquals(127, refused("   "));
        assertEquals(127, refused("."));
        assertEquals(127, refused(folder + "/none"));
    }

    @Test
    void shouldSayThatACommandCannotBeExecuted() throws Exception {
        assertEquals(126, refused(folder.toString()));
        assertEquals(126, refused(Files.createFile(folder.resolve("text")).toString()));
    }

    @Test
    void shouldLeaveNamesThatJavaCannotAskForToTheShell() {
        assertDoesNotThrow(() -> RunVerb.requireExecutable("./caf\\xe9", "/usr/bin"));
        assertDoesNotThrow(() -> RunVerb.requireExecutable("./a\0b", "/usr/bin"));
    }
}
