// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Measures the figures of a stock kernel, in a guest whose clock counts instructions. */
public final class GuestCosts {
    private static final int TIMEOUT_SECONDS = 900;

    private GuestCosts() {
    }

    /**
     * Boots a guest and measures there, with the classes that this process runs.
     *
     * @param checkout the tree, its bench module built
     * @param series of the kernel, as {@code dev/guest --kernel} has it
     * @param folder takes what the guest leaves
     * @throws IOException if the guest failed; the message has what it said
     */
    public static Costs measure(Path checkout, String series, Path folder) throws IOException, InterruptedException {
        Path root = checkout.toRealPath();
        Path ub = root.resolve("bench/target/ub");
        List<String> own = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(entry -> isOwn(root, entry))
                .map(entry -> Path.of(entry).toAbsolutePath().normalize().toString()).toList();
        List<String> words = new ArrayList<>(List.of(root.resolve("dev/guest").toString(), "--kernel", series, "--icount", "--timeout",
                Integer.toString(TIMEOUT_SECONDS), "--out", folder.toString(), "--with", ub.toString()));
        own.forEach(entry -> words.addAll(List.of("--with", entry)));
        // -Xbatch: no compiler thread shares the one processor with what is measured, as Java waits for each compilation.
        words.addAll(List.of("--", "java", "-XX:TieredStopAtLevel=1", "-Xbatch", "-XX:+UseSerialGC", "-XX:-UsePerfData",
                "--enable-native-access=ALL-UNNAMED", "-cp", String.join(File.pathSeparator, own), CostsHere.class.getName(), ub.toString(),
                "/out/costs"));
        words.addAll(frontEnds(series));
        Path said = folder.resolve("said");
        Process guest = new ProcessBuilder(words).redirectInput(new File("/dev/null")).redirectErrorStream(true)
                .redirectOutput(said.toFile()).start();
        try {
            int status = guest.waitFor();
            if (status != 0) {
                throw new IOException("the guest failed: kernel=" + series + ", status=" + status + "\n" + Files.readString(said));
            }
        } catch (InterruptedException e) {
            guest.destroy();
            throw e;
        }
        return Costs.read(folder.resolve("costs"));
    }

    /** In one kernel {@code trace} too: a load of each costs a guest a minute. {@code fexit} has the bodies of {@code lsm}. */
    private static List<String> frontEnds(String series) {
        return series.equals("6.12") ? List.of("lsm", "trace") : List.of("lsm");
    }

    /** What of the class path is Headwater's: the guest needs no more. */
    private static boolean isOwn(Path root, String entry) {
        Path path = Path.of(entry).toAbsolutePath().normalize();
        return path.getFileName().toString().startsWith("headwater-") || path.startsWith(root) && Files.isDirectory(path);
    }
}
