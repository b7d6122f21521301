// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import headwater.agent.Control;
import headwater.bench.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The daemon as {@code headwater start} starts it, with default settings but for what is recorded. On a machine that others
 * use the arguments of programs are left out, being nobody's business here; the store goes with the run's folder.
 */
final class HeadwaterRecorder implements Recorder {
    private static final int SETTLE_SECONDS = 120;
    /** The daemon's figures are at most a fifth of a second old. */
    private static final long FRESH_MS = 500;

    /** What is recorded. */
    enum Scope {
        /** All that anybody does. */
        WHOLE_SYSTEM("whole system"),
        /** What touches one file that nobody touches: a policy that is about something else than what is measured. */
        SELECTIVE("selective");

        private final String text;

        Scope(String text) {
            this.text = text;
        }
    }

    private final Path launcher;
    private final String frontEnd;
    private final Scope scope;
    private final boolean arguments;

    /**
     * @param launcher {@code headwater} of a checkout or an installation
     * @param frontEnd its name
     * @param arguments whether those of executed programs are recorded
     */
    HeadwaterRecorder(Path launcher, String frontEnd, Scope scope, boolean arguments) {
        this.launcher = launcher;
        this.frontEnd = frontEnd;
        this.scope = scope;
        this.arguments = arguments;
    }

    @Override
    public String text() {
        return scope.text;
    }

    @Override
    public boolean hasTarget() {
        return scope == Scope.WHOLE_SYSTEM;
    }

    @Override
    public Watch start(Path folder) throws IOException {
        Path tracked = Files.createFile(folder.resolve("tracked"));
        Path policy = folder.resolve("camflow.ini");
        Files.writeString(policy, """
                [provenance]
                enabled=true
                all=%s
                %s
                [compression]
                version=true
                node=true
                edge=true
                [file]
                %s
                """.formatted(scope == Scope.WHOLE_SYSTEM, arguments ? "" : "node_filter=argv", scope == Scope.SELECTIVE ? "track=" + tracked : ""));
        Path outputs = folder.resolve("camflowd.ini");
        Files.writeString(outputs, "[general]\noutput=null\nformat=w3c\n");
        Path store = folder.resolve("store");
        Daemon daemon = new Daemon(store);
        try {
            Programs.run(List.of(launcher.toString(), "start", "--store", store.toString(), "--front-end", frontEnd, "--config",
                    policy.toString(), "--outputs", outputs.toString(), "--control", folder.resolve("control.sock").toString()));
            daemon.pid = daemon.figure(daemon.status(), "pid");
        } catch (IOException | RuntimeException e) {
            daemon.close();
            throw e;
        }
        return daemon;
    }

    private static final class Daemon implements Watch {
        private final Path store;
        private long pid;

        Daemon(Path store) {
            this.store = store;
        }

        @Override
        public Usage settled() throws IOException {
            long before = -1;
            for (long waited = 0; waited < SETTLE_SECONDS * 1000; waited += FRESH_MS) {
                Programs.sleep(FRESH_MS);
                String status = status();
                long records = figure(status, "records");
                // On a machine that does anything at all there is always a little more: what had waited is what counts.
                if (figure(status, "backlog_bytes") == 0 || records == before) {
                    return new Usage(records, TemporaryFolder.allocated(store.resolve("log")), TemporaryFolder.allocated(store), Programs.cpu(pid));
                }
                before = records;
            }
            throw new IOException("the daemon does not catch up: store=" + store + ", seconds=" + SETTLE_SECONDS);
        }

        @Override
        public long end() throws IOException {
            String last = Control.ask(store, Control.STOP);
            if (last == null) {
                throw new IOException("the daemon has ended by itself: log=" + Files.readString(store.resolve("daemon.log")).strip());
            }
            return figure(last, "lost");
        }

        @Override
        public void close() throws IOException {
            if (Files.exists(store)) {
                Control.ask(store, Control.STOP);
            }
        }

        private String status() throws IOException {
            String status = Control.ask(store, Control.STATUS);
            if (status == null) {
                throw new IOException("the daemon has ended by itself: log=" + Files.readString(store.resolve("daemon.log")).strip());
            }
            return status;
        }

        private long figure(String status, String name) throws IOException {
            Matcher matcher = Pattern.compile("\"" + name + "\":([0-9]+)").matcher(status);
            if (!matcher.find()) {
                throw new IOException("not in the daemon's status: figure=" + name + ", status=" + status);
            }
            return Long.parseLong(matcher.group(1));
        }
    }
}
