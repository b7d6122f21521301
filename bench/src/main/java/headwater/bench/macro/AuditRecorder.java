// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Linux audit: rules of a file, and auditd, which writes what the kernel sends it. Its settings are Debian's, but for the place of the log
 * and that it is not rotated. For a guest only: a kernel has one audit daemon and one set of rules, and these replace both.
 */
final class AuditRecorder implements Recorder {
    private static final int START_SECONDS = 60;
    private static final int SETTLE_SECONDS = 600;
    /** Of the end of the log: many lines, each of which says when it was made. */
    private static final int TAIL_BYTES = 64 << 10;
    private static final Pattern LOST = Pattern.compile("(?m)^lost (\\d+)$");
    private static final Pattern SERVED = Pattern.compile("(?m)^pid (\\d+)$");
    private static final Pattern STAMP = Pattern.compile("msg=audit\\((\\d{1,12})\\.(\\d{3}):");

    private final Path rules;

    /** @param rules for {@code auditctl -R}; its name without ending is shown */
    AuditRecorder(Path rules) {
        this.rules = rules;
    }

    @Override
    public String text() {
        return "audit, " + rules.getFileName().toString().replaceAll("\\.rules$", "").replace('-', ' ');
    }

    @Override
    public Watch start(Path folder) throws IOException {
        Path log = folder.resolve("audit.log");
        Files.writeString(folder.resolve("auditd.conf"), """
                local_events = yes
                write_logs = yes
                log_file = %s
                log_group = root
                log_format = ENRICHED
                flush = INCREMENTAL_ASYNC
                freq = 50
                max_log_file = 8
                num_logs = 5
                priority_boost = 4
                name_format = NONE
                max_log_file_action = IGNORE
                space_left = 75
                space_left_action = IGNORE
                admin_space_left = 50
                admin_space_left_action = IGNORE
                disk_full_action = IGNORE
                disk_error_action = IGNORE
                """.formatted(log));
        Files.setPosixFilePermissions(folder.resolve("auditd.conf"), PosixFilePermissions.fromString("rw-r-----"));
        long lostBefore = figure(LOST, status());
        Process process = new ProcessBuilder("auditd", "-n", "-c", folder.toString())
                .redirectErrorStream(true).redirectOutput(folder.resolve("said").toFile())
                .redirectInput(Redirect.from(Path.of("/dev/null").toFile())).start();
        Daemon daemon = new Daemon(process, log, lostBefore);
        try {
            for (long waited = 0; figure(SERVED, status()) != process.pid(); waited += 100) {
                if (!process.isAlive() || waited > START_SECONDS * 1000) {
                    throw new IOException("auditd did not start: said=" + Files.readString(folder.resolve("said")).strip());
                }
                Programs.sleep(100);
            }
            Programs.run(List.of("auditctl", "-R", rules.toString()));
        } catch (IOException | RuntimeException e) {
            daemon.close();
            throw e;
        }
        return daemon;
    }

    private static String status() throws IOException {
        return Programs.run(List.of("auditctl", "-s"));
    }

    /** @throws IOException if it is not in the status of audit */
    private static long figure(Pattern pattern, String status) throws IOException {
        Matcher matcher = pattern.matcher(status);
        if (!matcher.find()) {
            throw new IOException("not in the status of audit: want=" + pattern + ", status=" + status.strip());
        }
        return Long.parseLong(matcher.group(1));
    }

    private static final class Daemon implements Watch {
        private final Process process;
        private final Path log;
        private final long lostBefore;
        private final long kernelThread;
        private boolean closed;

        Daemon(Process process, Path log, long lostBefore) throws IOException {
            this.process = process;
            this.log = log;
            this.lostBefore = lostBefore;
            kernelThread = kernelThread();
        }

        /**
         * Until the log has what is later than the program. The kernel's queue says nothing: where reads are recorded it is never empty, as
         * asking for it makes events, which are also what is later.
         */
        @Override
        public Usage settled() throws IOException {
            long ended = System.currentTimeMillis();
            for (int waited = 0; waited < SETTLE_SECONDS; waited++) {
                Programs.sleep(1000);
                String asked = status();
                if (newest() >= ended) {
                    long bytes = Files.size(log);
                    return new Usage(events(), bytes, bytes, Programs.cpu(process.pid()) + Programs.cpu(kernelThread));
                }
                if (!process.isAlive()) {
                    throw new IOException("auditd ended: status=" + asked.strip());
                }
            }
            throw new IOException("auditd does not catch up: seconds=" + SETTLE_SECONDS + ", status=" + status().strip());
        }

        /** When the last event of the log was made, in ms of the wall clock; 0 without any. */
        private long newest() throws IOException {
            if (!Files.exists(log)) {
                return 0;
            }
            byte[] tail;
            try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
                file.seek(Math.max(0, file.length() - TAIL_BYTES));
                tail = new byte[(int) Math.min(TAIL_BYTES, file.length() - file.getFilePointer())];
                file.readFully(tail);
            }
            return STAMP.matcher(new String(tail, StandardCharsets.ISO_8859_1)).results()
                    .mapToLong(found -> Long.parseLong(found.group(1)) * 1000 + Long.parseLong(found.group(2))).max().orElse(0);
        }

        /** Each has one record of its system call, beside others of its paths and arguments. */
        private long events() throws IOException {
            if (!Files.exists(log)) {
                return 0;
            }
            try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.startsWith("type=SYSCALL")).count();
            }
        }

        @Override
        public long end() throws IOException {
            long lost = figure(LOST, status()) - lostBefore;
            close();
            return lost;
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                try {
                    Programs.run(List.of("auditctl", "-D"));
                    Programs.run(List.of("auditctl", "-e", "0"));
                } finally {
                    Programs.end(process, SETTLE_SECONDS);
                }
            }
        }

        /** The kernel's own, which hands events to the daemon. */
        private static long kernelThread() throws IOException {
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                for (Path path : processes.filter(path -> path.getFileName().toString().matches("[0-9]+")).toList()) {
                    Path name = path.resolve("comm");
                    if (Files.exists(name) && Files.readString(name).strip().equals("kauditd")) {
                        return Long.parseLong(path.getFileName().toString());
                    }
                }
            }
            throw new IOException("this kernel has no audit: no process kauditd");
        }
    }
}
