// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose folder the sockets lie in. Needs root, as the folder does. */
class RunFolderTest {
    private static final int SELF = 0;

    @TempDir
    Path folder;

    private Path run;

    @BeforeEach
    void name() {
        run = folder.resolve("run");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private void assertRefused(String why) {
        String message = assertThrows(IOException.class, () -> RunFolder.make(run, SELF)).getMessage();
        assertTrue(message.contains(why) && message.contains("path=" + run), message);
    }

    @Test
    void isMadeForAllToEnterWhateverTheUmask() throws Exception {
        // Java has no umask of its own: another process makes it so.
        for (String umask : new String[] {"0", "077"}) {
            Process made = new ProcessBuilder("sh", "-c", "umask " + umask + "; exec \"$@\"", "sh",
                    Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp", System.getProperty("java.class.path"),
                    Making.class.getName(), run.toString()).inheritIO().start();
            assertEquals(0, made.waitFor());
            assertEquals("rwxr-xr-x", mode(run));
            Files.delete(run);
        }
    }

    /** Makes the folder that it is told. */
    public static final class Making {
        private Making() {
        }

        public static void main(String[] words) throws IOException {
            RunFolder.make(Path.of(words[0]), SELF);
        }
    }

    @Test
    void staysAsItIsIfItIsFit() throws IOException {
        Files.createDirectory(run);
        Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwx--x--x"));
        RunFolder.make(run, SELF);
        assertEquals("rwx--x--x", mode(run));
    }

    @Test
    void isRefusedIfItIsALink() throws IOException {
        Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(run, folder.resolve("elsewhere"));
        assertRefused("a symbolic link");
        Files.delete(run);
        Files.createSymbolicLink(run, folder.resolve("nowhere"));
        assertRefused("a symbolic link");
    }

    @Test
    void isRefusedIfItIsNoFolder() throws IOException {
        Files.createFile(run);
        assertRefused("not a folder");
    }

    @Test
    void isRefusedIfOthersCanWriteToIt() throws IOException {
        Files.createDirectory(run);
        for (String mode : new String[] {"rwxrwxr-x", "rwxr-xrwx"}) {
            Files.setPosixFilePermissions(run, PosixFilePermissions.fromString(mode));
            assertRefused("others than user 0 can write");
        }
    }

    @Test
    void isRefusedIfItIsSomebodyElses() throws IOException {
        Files.createDirectory(run);
        Files.setAttribute(run, "unix:uid", 54321);
        assertRefused("owner=54321");
    }
}
