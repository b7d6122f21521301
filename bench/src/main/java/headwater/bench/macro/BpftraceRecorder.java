// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * bpftrace's own small tools, such as opensnoop.bt, each a line of text for each call. They see much less than a provenance recorder: a lower
 * bound of what such a program costs.
 */
final class BpftraceRecorder implements Recorder {
    private static final int START_SECONDS = 300;
    private static final int SETTLE_SECONDS = 300;
    private static final long SETTLED_BYTES = 16 << 10;
    private static final Pattern LOST = Pattern.compile("(?m)^Lost (\\d+) events$");

    private final List<String> scripts;

    /** @param scripts their paths */
    BpftraceRecorder(List<String> scripts) {
        this.scripts = scripts;
    }

    @Override
    public String text() {
        return "bpftrace, " + String.join(" + ", scripts.stream().map(script -> Path.of(script).getFileName().toString()).toList());
    }

    @Override
    public Watch start(Path folder) throws IOException {
        Tools tools = new Tools();
        try {
            for (String script : scripts) {
                Path out = folder.resolve(Path.of(script).getFileName() + ".out");
                // Lines at once and not by the page: what is there is what has been taken in.
                tools.add(new ProcessBuilder("bpftrace", "-B", "line", script).redirectErrorStream(true)
                        .redirectOutput(out.toFile()).redirectInput(Redirect.from(Path.of("/dev/null").toFile())).start(), out);
            }
            tools.awaitStart();
        } catch (IOException | RuntimeException e) {
            tools.close();
            throw e;
        }
        return tools;
    }

    private static final class Tools implements Watch {
        private final List<Process> processes = new ArrayList<>();
        private final List<Path> outputs = new ArrayList<>();

        void add(Process process, Path output) {
            processes.add(process);
            outputs.add(output);
        }

        /** The tools say "Tracing …" before they attach; the line of titles comes from the same place. An open of ours is seen by then. */
        void awaitStart() throws IOException {
            for (int waited = 0; ; waited++) {
                boolean all = true;
                for (int i = 0; i < processes.size(); i++) {
                    if (!processes.get(i).isAlive() || waited > START_SECONDS) {
                        throw new IOException("bpftrace did not start: said=" + Files.readString(outputs.get(i)).strip());
                    }
                    // An event is behind the lines with "Attaching" and with titles.
                    all &= text(outputs.get(i)).lines().filter(line -> !line.isBlank()).count() > titles(outputs.get(i));
                }
                if (all) {
                    return;
                }
                Programs.run(List.of("true"));
                Programs.sleep(1000);
            }
        }

        @Override
        public Usage settled() throws IOException {
            long before = -1;
            for (int waited = 0; waited < SETTLE_SECONDS; waited++) {
                Programs.sleep(1000);
                long bytes = 0;
                for (Path output : outputs) {
                    bytes += Files.size(output);
                }
                // Nothing else runs in a guest: two looks alike mean that all has come, give or take what opens files now and then.
                if (before >= 0 && bytes - before < SETTLED_BYTES) {
                    return usage(bytes);
                }
                before = bytes;
            }
            throw new IOException("bpftrace does not catch up: seconds=" + SETTLE_SECONDS);
        }

        private Usage usage(long bytes) throws IOException {
            long events = 0;
            double cpu = 0;
            for (int i = 0; i < outputs.size(); i++) {
                events += text(outputs.get(i)).lines().filter(line -> !LOST.matcher(line).matches()).count() - titles(outputs.get(i));
                cpu += Programs.cpu(processes.get(i).pid());
            }
            return new Usage(events, bytes, bytes, cpu);
        }

        @Override
        public long end() throws IOException {
            close();
            long lost = 0;
            for (Path output : outputs) {
                Matcher matcher = LOST.matcher(text(output));
                while (matcher.find()) {
                    lost += Long.parseLong(matcher.group(1));
                }
            }
            return lost;
        }

        @Override
        public void close() throws IOException {
            for (Process process : processes) {
                Programs.end(process, SETTLE_SECONDS);
            }
        }

        private static String text(Path output) throws IOException {
            return Files.readString(output, StandardCharsets.ISO_8859_1);
        }

        private static long titles(Path output) throws IOException {
            return text(output).lines().limit(8).filter(line -> line.startsWith("Attaching") || line.startsWith("Tracing")
                    || line.startsWith("PID") || line.startsWith("TIME")).count();
        }
    }
}
