// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may not capture is told so. */
class PrivilegeTest {
    private static final String NOBODY = "65534";

    @TempDir
    Path folder;

    /** The class path in a place that everybody can read: this build may lie in somebody's home. */
    private String readableClassPath() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        List<String> entries = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            if (!Files.exists(from)) {
                continue;
            }
            Path to = folder.resolve("entry-" + entries.size() + (Files.isDirectory(from) ? "" : ".jar"));
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Path copy = to.resolve(from.relativize(file).toString());
                    Files.copy(file, copy);
                    Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
            entries.add(to.toString());
        }
        return String.join(File.pathSeparator, entries);
    }

    @Test
    void shouldSayThatCaptureNeedsPrivileges() throws Exception {
        Path store = folder.resolve("store");
        List<String> words = CommandLine.of("run", "--store", store.toString(), "--", "touch", folder.resolve("ran").toString());
        words.set(words.indexOf("-cp") + 1, readableClassPath());
        words.addAll(0, List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups"));
        CommandLine.Outcome outcome = CommandLine.execute(folder, words);
        assertEquals(4, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("capture needs root"), outcome::toString);
        assertTrue(outcome.err().contains("sudo headwater"), outcome::toString);
        assertEquals(1, outcome.err().lines().count(), outcome::toString);
        assertFalse(Files.exists(store));
        assertFalse(Files.exists(folder.resolve("ran")), "the command ran unrecorded");
    }
}
