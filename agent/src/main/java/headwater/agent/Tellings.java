// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.disclosure.Intake;
import headwater.capture.kernel.Libc;
import headwater.graph.DisclosureRefusedException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** What programs tell, on its way from their connections' threads to the one that records. */
final class Tellings implements Intake {
    /** One that waits, and who waits for it. */
    static final class Pending<T> {
        final Telling<T> telling;
        /** The process that tells; 0 if it does not matter who. */
        final int tgid;
        /** Descriptors of the files that are told of. */
        final List<Integer> files;
        private final CompletableFuture<T> answer = new CompletableFuture<>();

        private Pending(Telling<T> telling, int tgid, List<Integer> files) {
            this.telling = telling;
            this.tgid = tgid;
            this.files = List.copyOf(files);
        }

        void answer(T value) {
            answer.complete(value);
        }

        void refuse(DisclosureRefusedException why) {
            answer.completeExceptionally(why);
        }
    }

    private final Deque<Pending<?>> pending = new ArrayDeque<>();
    private final Runnable wake;
    private boolean over;

    /** @param wake gets the thread that hands over to work */
    Tellings(Runnable wake) {
        this.wake = wake;
    }

    @Override
    public <T> T take(Telling<T> telling) throws DisclosureRefusedException {
        return wait(new Pending<>(telling, 0, List.of()));
    }

    @Override
    public <T> T tell(int tgid, List<Integer> files, Telling<T> telling) throws DisclosureRefusedException {
        return wait(new Pending<>(telling, tgid, files));
    }

    private <T> T wait(Pending<T> mine) throws DisclosureRefusedException {
        synchronized (this) {
            if (over) {
                throw overNow();
            }
            pending.add(mine);
        }
        wake.run();
        try {
            return mine.answer.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DisclosureRefusedException refused) {
                throw refused;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw overNow();
        }
    }

    @Override
    public long nowNs() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment timespec = arena.allocate(16, 8);
            return Libc.clockNs(Libc.CLOCK_BOOTTIME, timespec);
        }
    }

    /** Gives all that wait to {@code taker}, which will answer each. */
    void handOver(Consumer<Pending<?>> taker) {
        while (true) {
            Pending<?> next;
            synchronized (this) {
                next = pending.poll();
            }
            if (next == null) {
                return;
            }
            taker.accept(next);
        }
    }

    /** Refuses those that wait, and all that come. */
    void end() {
        synchronized (this) {
            over = true;
        }
        handOver(waiting -> waiting.refuse(overNow()));
    }

    private static DisclosureRefusedException overNow() {
        return new DisclosureRefusedException("over", "the recording has ended");
    }
}
