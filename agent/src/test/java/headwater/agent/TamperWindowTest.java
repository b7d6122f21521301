// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.store.Store;
import headwater.store.log.LatencyHistogram;
import headwater.store.log.TamperWindows;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes from an event in the kernel to its place in the chain, on the disk, and under a signature, while
 * programs are started one after the other. The bounds leave room for a machine that does other things; what was
 * measured is printed. {@code -Dheadwater.programs=N}: how many programs.
 */
class TamperWindowTest {
    private static final int PROGRAMS = Integer.getInteger("headwater.programs", 600);

    @TempDir
    private Path folder;

    /** The first time the code of the way is slow, and compiled meanwhile: not what a daemon is like. */
    @Test
    void shouldChainWithinMillisecondsAndSignWithinASecond() throws IOException {
        record(folder.resolve("warm"), PROGRAMS / 3);
        LatencyHistogram.Summary[] windows = record(folder.resolve("store"), PROGRAMS);
        assertTrue(windows[0].p50Us() < 20_000, windows[0].toString());
        assertTrue(windows[1].p50Us() < 1_000_000, windows[1].toString());
    }

    /** Records so many programs, one after another; returns how fast they were chained, and signed. */
    private LatencyHistogram.Summary[] record(Path path, int programs) throws IOException {
        Files.writeString(folder.resolve("source"), "secret\n");
        List<byte[]> command = CommandRun.words(List.of("sh", "-c", "cd " + folder + "; i=0; while [ $i -lt " + programs
                + " ]; do cat source > out; i=$((i+1)); done"));
        TamperWindows windows;
        LatencyHistogram.Summary chained;
        double seconds;
        try (Store store = Store.openForWriting(path, "test");
                Recording recording = Recording.start(store, new Recording.Plan(TestedFrontEnd.get(), false, "sh",
                        1 << 24));
                GatedCommand gated = GatedCommand.start(command)) {
            windows = store.writer().windows();
            recording.adopt(gated.pid());
            gated.release();
            Idle idle = new Idle(recording::sleep);
            while (gated.isAlive()) {
                idle.idle(recording.doWork(), recording.pending());
            }
            seconds = recording.figures().seconds();
            chained = windows.chained();
            recording.stop();
        }
        LatencyHistogram.Summary durable = windows.durable();
        LatencyHistogram.Summary signed = windows.signed();
        Report report = Verifier.verify(path, null, List.of());
        System.out.printf(Locale.ROOT,
                "TamperWindowTest %d events, %.0f/s, %d blocks, %.2f bytes/event, %d statements%n"
                + "  chained p50 %.1f p99 %.1f max %.1f ms%n  durable p50 %.1f p99 %.1f max %.1f ms%n  signed  p50 %.1f p99 %.1f max %.1f ms%n",
                report.events(), report.events() / seconds, report.blocks(),
                (double) size(path.resolve("log")) / report.events(),
                report.statements(), chained.p50Us() / 1e3, chained.p99Us() / 1e3, chained.maxUs() / 1e3,
                durable.p50Us() / 1e3,
                durable.p99Us() / 1e3, durable.maxUs() / 1e3, signed.p50Us() / 1e3, signed.p99Us() / 1e3,
                signed.maxUs() / 1e3);
        assertTrue(report.allSigned(), report::toString);
        return new LatencyHistogram.Summary[] {chained, signed};
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".hwlog")).mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
