// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.disclosure.DisclosureSocket;
import headwater.capture.kernel.PeerSocket;
import headwater.store.Store;
import headwater.store.log.LogRefusedException;
import headwater.store.log.LogWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Records the whole system into a store until it is told to stop. One thread records; others answer
 * {@link Control questions}, from figures that the first publishes, and ask it for changes.
 */
public final class Daemon {
    private static final long PUBLISH_INTERVAL_NS = 200_000_000;
    private static final long RESUME_INTERVAL_NS = 1_000_000_000;
    private static final long RESUME_SLICE_NS = 20_000_000;

    /** How long outputs have for what came last. */
    private static final Duration LAST_OUTPUT = Duration.ofSeconds(2);

    private final Path path;
    private final Setup setup;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Administration administration;
    private final DaemonAnswers answers;
    private final Consumer<Recording> whenReady;
    private volatile boolean stopping;
    private volatile Retaining retaining;
    private int sessions;
    private CarriedMarks carried = CarriedMarks.NONE;
    /** When the last session ended. */
    private long endNs;

    private Daemon(Path path, Store store, Setup setup, Following following, Consumer<Recording> whenReady) {
        this.path = path;
        this.setup = setup;
        this.whenReady = whenReady;
        administration = new Administration(setup.files(), setup.content(), following);
        answers = new DaemonAnswers(store, setup, administration, following,
                () -> retaining == null ? Retaining.Status.NONE : retaining.status(), this::stop);
    }

    /**
     * Records until {@link Control#STOP} comes or the process is asked to end (SIGTERM, SIGINT). When the log can take no
     * more (a full disk), the session is over; a new one begins when there is room again, and a gap stands between them. At SIGHUP, or
     * when it is asked to, it reads its configuration again.
     *
     * @throws headwater.capture.kernel.KernelException if the kernel refuses the front-end
     * @throws headwater.store.StoreBusyException if another process records into this store
     * @throws java.io.UncheckedIOException if the log can be written no more by this process; a new one can look at what the
     *     disk has
     * @throws IOException if the control socket or the file {@code opaque} cannot be made
     * @throws IllegalArgumentException if an output cannot be as it is asked for, or what is asked for cannot be recorded
     */
    public static void run(Path path, Setup setup, Runnable whenReady) throws IOException {
        AtomicBoolean first = new AtomicBoolean(true);
        run(path, setup, recording -> {
            if (first.getAndSet(false)) {
                whenReady.run();
            }
        });
    }

    /** As the other; {@code whenReady} is handed the recording of each session, by the thread that records. */
    static void run(Path path, Setup setup, Consumer<Recording> whenReady) throws IOException {
        Daemon daemon = null;
        ControlListener own = null;
        MachineSocket machine = null;
        try (Store store = Store.openForWriting(path, "headwater start");
                OpaqueFile opaque = OpaqueFile.create(path);
                Following following = new Following(store)) {
            daemon = new Daemon(path, store, setup, following, whenReady);
            Daemon self = daemon;
            int owner = (int) java.nio.file.Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            own = new ControlListener(Control.socket(path), -1, owner, daemon::answer);
            machine = daemon.listenForTheMachine();
            Thread hook = new Thread(daemon::stop, "headwater-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            Hangup.handle(() -> Thread.ofVirtual().start(self.answers::hangup));
            try (Retaining retaining = Retaining.start(store, daemon.administration, daemon.administration::retention)) {
                daemon.retaining = retaining;
                do {
                    daemon.session(store, opaque);
                } while (!daemon.stopping && daemon.resume(store));
                // What they do not hand on now, they do when they are started again.
                following.await(LAST_OUTPUT);
            } finally {
                daemon.stopping = true;
                daemon.administration.close();
                own.close();
                if (machine != null) {
                    machine.close();
                }
                daemon.carried.drop();
            }
        } finally {
            if (daemon != null) {
                daemon.administration.close();
                daemon.ended.countDown();
            }
            if (own != null) {
                own.awaitEnd();
            }
            if (machine != null) {
                machine.awaitEnd();
            }
        }
    }

    private MachineSocket listenForTheMachine() {
        if (setup.socket() == null) {
            return null;
        }
        try {
            MachineSocket socket = MachineSocket.listen(setup.socket(), setup.group(), this::answer);
            if (socket == null) {
                System.err.println("headwater: another daemon listens at " + setup.socket()
                        + ", and the camflow command speaks to that one; --control names another place");
            }
            return socket;
        } catch (IOException e) {
            System.err.println("headwater: the camflow command cannot reach this daemon: " + e.getMessage());
            return null;
        }
    }

    private void session(Store store, OpaqueFile opaque) throws IOException {
        sessions++;
        // Asked before the session sees what the store has: a drop that is under way may be over when it has begun.
        long lettingGo = retaining.lettingGo();
        try (Recording recording = Recording.start(store, administration.plan(setup.plan()),
                (int) setup.content().config().provenance().machineId(), carried);
                DisclosureSocket disclosure = Disclosing.ofSystem(recording, System.getenv());
                Precedence precedence = Precedence.take()) {
            String discloseAt = disclosure == null ? "" : disclosure.path().toString();
            recording.opaque(opaque);
            recording.letGo(lettingGo);
            if (sessions == 1) {
                recording.notes().forEach(note -> System.err.println("headwater: " + note));
            }
            administration.begin(recording, sessions == 1, carried);
            answers.publish(sessions, recording, discloseAt);
            whenReady.accept(recording);
            if (sessions == 1) {
                // What starting took, and nothing will take again, is most of the heap; the rings hold what comes meanwhile.
                System.gc();
            }
            Idle idle = new Idle(recording::sleep);
            long published = System.nanoTime();
            while (!stopping && recording.refusal().isEmpty()) {
                int work = recording.doWork();
                precedence.urgent(recording.isPressed());
                administration.work();
                // Before it waits: when it is woken there is a backlog, of what has woken it.
                if (System.nanoTime() - published >= PUBLISH_INTERVAL_NS) {
                    answers.publish(sessions, recording, discloseAt);
                    published = System.nanoTime();
                }
                idle.idle(work, recording.pending());
            }
            recording.stop();
            carried = recording.carry();
            endNs = recording.endNs();
            answers.publish(sessions, recording, discloseAt);
        } finally {
            administration.end();
        }
    }

    /** Waits for room in the log; false if it is time to stop. */
    private boolean resume(Store store) {
        long looked = System.nanoTime() - RESUME_INTERVAL_NS;
        while (!stopping) {
            administration.work();
            if (System.nanoTime() - looked >= RESUME_INTERVAL_NS) {
                if (store.writer().resume() && ended(store.writer())) {
                    return true;
                }
                looked = System.nanoTime();
            }
            LockSupport.parkNanos(RESUME_SLICE_NS);
        }
        return false;
    }

    /** The log could not be told yet that the session is over. */
    private boolean ended(LogWriter log) {
        try {
            if (log.sessionOpen()) {
                log.sessionEnd(endNs);
            }
            return true;
        } catch (LogRefusedException e) {
            return false;
        }
    }

    private String answer(byte[] line, int length, PeerSocket from) {
        return answers.answer(line, length, from);
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
