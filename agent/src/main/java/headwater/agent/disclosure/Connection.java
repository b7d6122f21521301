// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.capture.kernel.ForeignProcess;
import headwater.capture.kernel.KernelException;
import headwater.capture.kernel.Libc;
import headwater.capture.kernel.PeerSocket;
import headwater.graph.Disclosure;
import headwater.graph.DisclosureRefusedException;
import headwater.graph.Disclosures;
import headwater.graph.PathProbe;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * One program that tells, from its first line to its last. Each line is taken only if the process that sent it is the one that
 * connected, which is proven anew for each: the kernel says the sender's process id, and a pidfd that it is still that process's. A
 * challenge in the first line shows that the connecting process was alive when the pidfd was taken.
 */
final class Connection implements Runnable {
    private static final long HELLO_WITHIN_NS = 10_000_000_000L;
    private static final int SEND_WITHIN_MS = 10_000;
    /** How soon the end of the recording is noticed. */
    private static final int LOOK_MS = 500;
    private static final int CHUNK_BYTES = 8192;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PeerSocket socket;
    private final Intake intake;
    private final Allowance allowance;
    private final PathProbe probe;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private List<Integer> descriptors = new ArrayList<>();
    private final String challenge = challenge();
    private final ForeignProcess process;
    private final BooleanSupplier over;
    private Disclosures.Teller teller;
    private boolean greeted;

    /**
     * @param socket closed at the end
     * @param allowance which its user has {@linkplain Allowance#enter entered}; left at the end
     * @param over says that the recording has ended
     */
    Connection(PeerSocket socket, Intake intake, Allowance allowance, PathProbe probe, BooleanSupplier over) {
        this.socket = socket;
        process = ForeignProcess.ofPeer(socket);
        this.over = over;
        this.intake = intake;
        this.allowance = allowance;
        this.probe = probe;
    }

    /** Something after which this connection is of no more use; the program is told. */
    private static final class EndException extends Exception {
        private static final long serialVersionUID = 1;
        private final String error;

        EndException(String error, String message) {
            super(message);
            this.error = error;
        }
    }

    /** The other end does not take its answers. */
    private static final class GoneException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private void send(byte[] line) {
        if (!socket.write(line, SEND_WITHIN_MS)) {
            throw new GoneException();
        }
    }

    private static String challenge() {
        byte[] bytes = new byte[16];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    @Override
    public void run() {
        try (socket) {
            try {
                converse();
            } catch (EndException e) {
                send(Reply.refused("", e.error, e.getMessage()));
            } finally {
                allowance.left(process.peer().uid());
                descriptors.forEach(Libc::close);
                leave();
            }
        } catch (KernelException | GoneException e) {
            // Nobody is left to be told.
            return;
        }
    }

    private void converse() throws EndException {
        spend(Allowance.CONNECTION_UNITS);
        try {
            long aliveNs = aliveNs();
            teller = intake.tell(process.peer().pid(), List.of(),
                    (disclosures, timeNs) -> disclosures.meet(process.peer().pid(), aliveNs));
        } catch (DisclosureRefusedException e) {
            throw new EndException(e.code(), e.getMessage());
        }
        socket.askWhoSends();
        send(Reply.greeting(challenge));
        byte[] chunk = new byte[CHUNK_BYTES];
        long connectedNs = System.nanoTime();
        while (!over.getAsBoolean() && (greeted || System.nanoTime() - connectedNs < HELLO_WITHIN_NS)) {
            PeerSocket.Received received = socket.receive(chunk, LOOK_MS);
            if (received == null) {
                continue;
            }
            descriptors.addAll(received.descriptors());
            if (received.length() < 0) {
                return;
            }
            if (received.cut() || descriptors.size() > PeerSocket.DESCRIPTORS_MAX) {
                throw new EndException("descriptors", "too many descriptors with one line: max=" + PeerSocket.DESCRIPTORS_MAX);
            }
            if (received.pid() != process.peer().pid()) {
                throw new EndException("other-process", "another process than the one that connected has sent this: connected="
                        + process.peer().pid() + ", sent=" + received.pid() + "; each process connects for itself");
            }
            take(Arrays.copyOf(chunk, received.length()));
        }
    }

    private void take(byte[] bytes) throws EndException {
        int start = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, start, i - start);
                start = i + 1;
                List<Integer> passed = descriptors;
                descriptors = new ArrayList<>();
                byte[] whole = line.toByteArray();
                line.reset();
                answer(whole, passed);
            }
        }
        line.write(bytes, start, bytes.length - start);
        if (line.size() >= RequestParser.LINE_BYTES_MAX) {
            throw new EndException("malformed", "line is too long: max=" + (RequestParser.LINE_BYTES_MAX - 1) + " bytes");
        }
    }

    private void answer(byte[] text, List<Integer> passed) throws EndException {
        try (FileEnds files = new FileEnds(process, probe, passed)) {
            String id = "";
            try {
                Request request = RequestParser.parse(text);
                id = request.id();
                pay(text.length, request.body() instanceof Request.Disclose told ? told.size() : 0);
                Map<String, Long> objects = switch (request.body()) {
                    case Request.Hello hello -> greeted(hello);
                    case Request.Disclose disclose -> disclosed(disclose, files);
                };
                send(Reply.accepted(id, objects));
            } catch (MalformedRequestException e) {
                pay(text.length, 0);
                send(Reply.refused(e.id(), "malformed", e.getMessage()));
            } catch (DisclosureRefusedException e) {
                send(Reply.refused(id, e.code(), e.getMessage()));
            }
        }
    }

    private Map<String, Long> greeted(Request.Hello hello) throws EndException {
        if (hello.version() != Reply.VERSION) {
            throw new EndException("version", "this version is not spoken here: version=" + hello.version() + ", spoken=" + Reply.VERSION);
        }
        if (!hello.challenge().equals(challenge)) {
            throw new EndException("challenge", "the challenge is not the one of the greeting: read the first line, and send what it has");
        }
        greeted = true;
        return Map.of();
    }

    private Map<String, Long> disclosed(Request.Disclose told, FileEnds files) throws EndException, DisclosureRefusedException {
        if (!greeted) {
            throw new EndException("hello", "the first line has to be hello, with the greeting's challenge");
        }
        Disclosure disclosure = new Found(files).disclosure(told);
        if (!process.lives()) {
            throw new EndException("ended", "the process has ended: pid=" + process.peer().pid() + "; wait for the answer before you end");
        }
        return intake.tell(process.peer().pid(), files.found(), (disclosures, timeNs) -> disclosures.tell(teller, disclosure, timeNs));
    }

    /** A time at which the process held its id. */
    private long aliveNs() throws DisclosureRefusedException {
        long now = intake.nowNs();
        if (!process.lives()) {
            throw new DisclosureRefusedException("ended", "the process has ended: pid=" + process.peer().pid());
        }
        return now;
    }

    private void pay(int bytes, int things) {
        spend(Allowance.cost(bytes, things));
    }

    private void spend(long units) {
        long waitNs = allowance.spend(process.peer().uid(), units, System.nanoTime());
        if (waitNs > 0) {
            LockSupport.parkNanos(waitNs);
        }
    }

    private void leave() {
        if (teller == null) {
            return;
        }
        try {
            intake.take((disclosures, timeNs) -> {
                disclosures.leave(teller);
                return null;
            });
        } catch (DisclosureRefusedException e) {
            // The recording is over, and what it kept of the program with it.
            return;
        }
    }
}
