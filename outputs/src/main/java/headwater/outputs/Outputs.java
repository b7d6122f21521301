// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.store.Store;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import headwater.store.log.LogWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Several outputs of one store, each with a position, a thread and a state of its own. They read the log behind whoever writes it, in
 * this process or another, and nothing that they do or fail to do reaches the writer. Methods may be called by any thread.
 */
public final class Outputs implements AutoCloseable {
    /** Where positions are kept, in the store's folder. */
    public static final String FOLDER = "outputs";

    private static final long JOIN_MS = 10_000;
    private static final long LOOK_MS = 20;

    private final Store store;
    private final LogReader log;
    private final List<Output> outputs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private LogPosition head;

    private Outputs(Path path) {
        store = Store.openForReading(path);
        log = store.log();
        head = log.start();
    }

    /**
     * Starts outputs of what is whole in the log. After a crash of the machine the log may lack a second of what was sent; then it is
     * said. See {@link #start(Path, List, Predicate, Consumer)}.
     *
     * @param said takes lines for people: what failed, and gaps; from several threads
     */
    public static Outputs start(Path store, List<OutputSpec> specs, Consumer<String> said) {
        return start(store, specs, position -> true, said);
    }

    /**
     * Starts outputs.
     *
     * @param store the store's folder; a store must be there
     * @param durable says of a position whether what stands before it is durable and may be sent: who writes the log knows
     *     ({@link headwater.store.log.LogWriter#acknowledged}); called by several threads
     * @throws IllegalArgumentException if a name stands twice, or a setting is wrong
     * @throws headwater.store.StoreException if there is no store, or it cannot be read
     */
    public static Outputs start(Path store, List<OutputSpec> specs, Predicate<LogPosition> durable, Consumer<String> said) {
        return start(store, FOLDER, specs, durable, said);
    }

    /**
     * As the other.
     *
     * @param folder the name of the folder in the store's where positions are kept
     */
    public static Outputs start(Path store, String folder, List<OutputSpec> specs, Predicate<LogPosition> durable,
            Consumer<String> said) {
        Set<String> names = new HashSet<>();
        for (OutputSpec spec : specs) {
            if (!names.add(spec.name())) {
                throw new IllegalArgumentException("two outputs of one name: name=" + spec.name());
            }
        }
        Outputs all = new Outputs(store);
        Views views = new Views(all.store);
        for (OutputSpec spec : specs) {
            LogReader own = Store.openForReading(store).log();
            PositionFile file = new PositionFile(store.resolve(folder), spec.name(), own.store());
            all.outputs.add(new Output(spec, own, views, file, durable, said));
        }
        for (int i = 0; i < specs.size(); i++) {
            Thread thread = new Thread(all.outputs.get(i), "headwater-output-" + specs.get(i).name());
            thread.setDaemon(true);
            all.threads.add(thread);
        }
        all.threads.forEach(Thread::start);
        return all;
    }

    /** What is durable of the log that {@code writer} writes in this process; for {@link #start(Path, List, Predicate, Consumer)}. */
    public static Predicate<LogPosition> durable(LogWriter writer) {
        return position -> position.block() <= writer.acknowledged().blocks();
    }

    /** How they go, in the order in which they were asked for. Reads what the log has got since the last call. */
    public List<OutputStatus> status() {
        LogPosition now;
        synchronized (this) {
            head = log.scan(head);
            now = head;
        }
        return outputs.stream().map(output -> output.status(now)).toList();
    }

    /** What each sends from now on has to be readable without what it sent before: nodes stand again. */
    public void forget() {
        outputs.forEach(Output::forget);
    }

    /**
     * Waits until all have handed on what the log has now.
     *
     * @return false if the time was not enough
     */
    public boolean await(Duration time) {
        return await(() -> status().stream().allMatch(status -> status.behind() <= 0), time);
    }

    /**
     * Waits until something is so, looking every few milliseconds.
     *
     * @return false if the time was not enough, or the thread was interrupted
     */
    public static boolean await(BooleanSupplier so, Duration time) {
        long deadline = System.nanoTime() + time.toNanos();
        while (!so.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(LOOK_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** Ends all where they are; they go on from there when started again. */
    @Override
    public void close() {
        outputs.forEach(Output::stop);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        store.close();
    }
}
