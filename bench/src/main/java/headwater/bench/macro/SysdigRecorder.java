// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** sysdig, which writes all system calls into a file of its own format. Its kernel module is loaded for the time of a run: for a guest only. */
final class SysdigRecorder implements Recorder {
    private static final int START_SECONDS = 60;
    private static final int SETTLE_SECONDS = 300;
    private static final long SETTLED_BYTES = 64 << 10;
    private static final Pattern LOST = Pattern.compile("(?m)^Driver Drops:(\\d+)$");

    private final Path module;

    /** @param module built for the running kernel */
    SysdigRecorder(Path module) {
        this.module = module;
    }

    @Override
    public String text() {
        return "sysdig";
    }

    @Override
    public Watch start(Path folder) throws IOException {
        Programs.run(List.of("insmod", module.toString()));
        Path out = folder.resolve("out.scap");
        Path said = folder.resolve("said");
        Capture capture;
        try {
            capture = new Capture(new ProcessBuilder("sysdig", "-v", "-w", out.toString()).redirectErrorStream(true)
                    .redirectOutput(said.toFile()).redirectInput(Redirect.from(Path.of("/dev/null").toFile())).start(), out, said);
        } catch (IOException e) {
            Programs.run(List.of("rmmod", "scap"));
            throw e;
        }
        for (int waited = 0; !Files.exists(out) || Files.size(out) == 0; waited++) {
            if (!capture.process.isAlive() || waited > START_SECONDS) {
                capture.close();
                throw new IOException("sysdig did not start: said=" + Files.readString(said).strip());
            }
            Programs.sleep(1000);
        }
        return capture;
    }

    private static final class Capture implements Watch {
        private final Process process;
        private final Path out;
        private final Path said;
        private boolean closed;

        Capture(Process process, Path out, Path said) {
            this.process = process;
            this.out = out;
            this.said = said;
        }

        @Override
        public Usage settled() throws IOException {
            long before = Long.MIN_VALUE;
            for (int waited = 0; waited < SETTLE_SECONDS; waited++) {
                Programs.sleep(1000);
                long bytes = Files.size(out);
                // It records itself and who looks at it: there is always a little more.
                if (bytes - before < SETTLED_BYTES && before >= 0) {
                    double cpu = Programs.cpu(process.pid());
                    return new Usage(events(), bytes, bytes, cpu);
                }
                before = bytes;
            }
            throw new IOException("sysdig does not catch up: seconds=" + SETTLE_SECONDS);
        }

        /** A line each, counted by sysdig's own reader; what is not flushed yet is not among them. */
        private long events() throws IOException {
            return Programs.run(List.of("sh", "-c", "sysdig -r \"$0\" -p %evt.num 2> /dev/null | wc -l", out.toString())).strip()
                    .transform(Long::parseLong);
        }

        @Override
        public long end() throws IOException {
            close();
            Matcher matcher = LOST.matcher(Files.readString(said));
            if (!matcher.find()) {
                throw new IOException("sysdig does not say what it lost: said=" + Files.readString(said).strip());
            }
            return Long.parseLong(matcher.group(1));
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                Programs.end(process, SETTLE_SECONDS);
                Programs.run(List.of("rmmod", "scap"));
            }
        }
    }
}
