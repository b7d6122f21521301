// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for the time of a run. */
public final class TemporaryFolder {
    private TemporaryFolder() {
    }

    public static Path create() throws IOException {
        return Files.createTempDirectory("headwater-bench");
    }

    /** The bytes of all files below {@code folder}. */
    public static long bytes(Path folder) throws IOException {
        long bytes = 0;
        for (Path path : below(folder)) {
            if (Files.isRegularFile(path)) {
                bytes += Files.size(path);
            }
        }
        return bytes;
    }

    /** What all files below {@code folder} take on the disk, holes left out. */
    public static long allocated(Path folder) throws IOException {
        Process du = new ProcessBuilder("du", "--block-size=1", "-s", folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        String said = new String(du.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        if (said.isEmpty()) {
            throw new IOException("du does not say what is on the disk: folder=" + folder);
        }
        return Long.parseLong(said.split("\\s")[0]);
    }

    public static void delete(Path folder) throws IOException {
        List<Path> paths = below(folder);
        paths.sort(Comparator.reverseOrder());
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }

    private static List<Path> below(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            return new ArrayList<>(paths.toList());
        }
    }
}
