// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.disclosure.DisclosureSocket;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Records the whole system into a store until it is told to stop. One thread records; another answers
 * {@link Control questions}, from figures that the first publishes.
 */
public final class Daemon {
    private static final long PUBLISH_INTERVAL_NS = 200_000_000;
    private static final long RESUME_INTERVAL_NS = 1_000_000_000;

    private final Path path;
    private final Recording.Plan plan;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopping;
    private volatile String status;
    private volatile String disclosurePath = "";
    private int sessions;

    private Daemon(Path path, Recording.Plan plan) {
        this.path = path;
        this.plan = plan;
        status = json(false, new Recording.Figures(0, 0, 0, 0, 0, 0, 0), 0, "not ready: the front-end is being attached");
    }

    /**
     * Records until {@link Control#STOP} comes or the process is asked to end (SIGTERM, SIGINT). When the log can take no
     * more (a full disk), the session is over; a new one begins when there is room again, and a gap stands between them.
     *
     * @throws headwater.capture.kernel.KernelException if the kernel refuses the front-end
     * @throws headwater.store.StoreBusyException if another process records into this store
     * @throws java.io.UncheckedIOException if the log can be written no more by this process; a new one can look at what the
     *     disk has
     * @throws IOException if the control socket or the file {@code opaque} cannot be made
     */
    public static void run(Path path, Recording.Plan plan, Runnable whenReady) throws IOException {
        Daemon daemon = new Daemon(path, plan);
        Control.Listener control = null;
        try (Store store = Store.openForWriting(path, "headwater start");
                OpaqueFile opaque = OpaqueFile.create(path);
                Control.Listener listening = new Control.Listener(path, daemon::answer)) {
            control = listening;
            Runtime.getRuntime().addShutdownHook(new Thread(daemon::stop, "headwater-stop"));
            Runnable ready = whenReady;
            do {
                daemon.session(store, opaque, ready);
                ready = () -> { };
            } while (!daemon.stopping && daemon.resume(store));
        } finally {
            daemon.ended.countDown();
            if (control != null) {
                control.awaitEnd();
            }
        }
    }

    private void session(Store store, OpaqueFile opaque, Runnable whenReady) throws IOException {
        sessions++;
        try (Recording recording = Recording.start(store, plan);
                DisclosureSocket disclosure = Disclosing.ofSystem(recording, System.getenv())) {
            recording.opaque(opaque);
            disclosurePath = disclosure == null ? "" : disclosure.path().toString();
            publish(recording);
            whenReady.run();
            Idle idle = new Idle();
            long published = System.nanoTime();
            while (!stopping && recording.refusal().isEmpty()) {
                idle.idle(recording.doWork());
                if (System.nanoTime() - published >= PUBLISH_INTERVAL_NS) {
                    publish(recording);
                    published = System.nanoTime();
                }
            }
            recording.stop();
            publish(recording);
        }
    }

    /** Waits for room in the log; false if it is time to stop. */
    private boolean resume(Store store) {
        while (!stopping) {
            if (store.writer().resume()) {
                return true;
            }
            LockSupport.parkNanos(RESUME_INTERVAL_NS);
        }
        return false;
    }

    private void publish(Recording recording) {
        status = json(true, recording.figures(), recording.backlogBytes(),
                recording.refusal().isEmpty() ? recording.troubled() : recording.refusal());
    }

    private String json(boolean running, Recording.Figures figures, long backlogBytes, String trouble) {
        return String.format(Locale.ROOT,
                "{\"running\":%b,\"pid\":%d,\"front_end\":\"%s\",\"store\":%s,\"session\":%d,\"seconds\":%.1f,\"records\":%d,"
                        + "\"nodes\":%d,\"edges\":%d,\"lost\":%d,\"on_loss\":\"%s\",\"refused\":%d,"
                        + "\"processes\":%d,\"backlog_bytes\":%d,\"disclosure\":%s,\"trouble\":%s}",
                running, ProcessHandle.current().pid(), plan.frontEnd().text(), quoted(path.toString()), sessions,
                figures.seconds(), figures.records(), figures.nodes(), figures.edges(), figures.lost(),
                plan.onLoss().text(), figures.refused(), figures.processes(), backlogBytes, quoted(disclosurePath), quoted(trouble));
    }

    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }

    private String answer(String line) {
        switch (line) {
            case Control.STATUS -> {
                return status;
            }
            case Control.STOP -> {
                stop();
                return status;
            }
            default -> {
                return "{\"error\":\"unknown request; use status or stop\"}";
            }
        }
    }

    /** Ends the session and waits until the store is closed. */
    private void stop() {
        stopping = true;
        try {
            if (!ended.await(60, TimeUnit.SECONDS)) {
                System.err.println("headwater: the session did not end within a minute; the log keeps what was synced");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
