// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.outputs.OutputStatus;
import headwater.outputs.Outputs;
import headwater.outputs.PositionFile;
import headwater.store.Store;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Several recorders of one store, each with a thread and a state of its own. They read the log's files behind whoever
 * writes them, in this process or another; they share no lock and no queue with the writer, and nothing that they do or
 * fail to do reaches it. Methods may be called by any thread.
 */
public final class Recorders implements AutoCloseable {
    /** Where hints about positions are kept, in the store's folder; they may be deleted at any time. */
    public static final String FOLDER = "recorders";

    private static final long JOIN_MS = 20_000;

    private final List<RecorderSpec> specs;
    private final List<RecorderRun> runs = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final LogReader log;
    private LogPosition head;
    private Outputs documents;

    private Recorders(Path store, List<RecorderSpec> specs) {
        this.specs = List.copyOf(specs);
        log = open(store);
        head = log.start();
    }

    /**
     * Starts recorders of all that the store holds and will hold.
     *
     * @param store the store's folder; a store must be there
     * @param durable says of a position whether what stands before it is durable and may be handed on
     *     ({@link Outputs#durable}); called by several threads
     * @param said takes lines for people: what failed, and gaps; from several threads
     * @throws IllegalArgumentException if a name stands twice, a kind is unknown, or a setting is wrong
     * @throws headwater.store.StoreException if there is no store, or it cannot be read
     */
    public static Recorders start(Path store,
            List<RecorderSpec> specs, Predicate<LogPosition> durable, Consumer<String> said) {
        Set<String> names = new HashSet<>();
        for (RecorderSpec spec : specs) {
            if (!names.add(spec.name())) {
                throw new IllegalArgumentException("two recorders of one name: name=" + spec.name());
            }
        }
        Recorders all = new Recorders(store, specs);
        for (RecorderSpec spec : specs) {
            if (!Drivers.isOfDocuments(spec)) {
                LogReader own = open(store);
                RecorderRun run = new RecorderRun(spec, Drivers.recorder(spec), own,
                        new PositionFile(store.resolve(FOLDER), spec.name(), own.store()), durable, said);
                Thread thread = new Thread(run, "headwater-recorder-" + spec.name());
                thread.setDaemon(true);
                all.runs.add(run);
                all.threads.add(thread);
            }
        }
        all.documents = Outputs.start(store, FOLDER, specs.stream().filter(Drivers::isOfDocuments).map(Drivers::output)
                .toList(),
                durable, line -> said.accept(line.replaceFirst("^output ", "recorder ")));
        all.threads.forEach(Thread::start);
        return all;
    }

    private static LogReader open(Path store) {
        try (Store opened = Store.openForReading(store)) {
            return opened.log();
        }
    }

    /** How they go, in the order in which they were asked for. Reads what the log has got since the last call. */
    public List<RecorderStatus> status() {
        LogPosition now;
        synchronized (this) {
            head = log.scan(head);
            now = head;
        }
        List<OutputStatus> outputs = new ArrayList<>(documents.status());
        List<RecorderRun> others = new ArrayList<>(runs);
        List<RecorderStatus> all = new ArrayList<>();
        for (RecorderSpec spec : specs) {
            all.add(Drivers.isOfDocuments(spec) ? ofDocuments(spec, outputs.removeFirst()) : others.removeFirst()
                    .status(now));
        }
        return all;
    }

    private static RecorderStatus ofDocuments(RecorderSpec spec, OutputStatus output) {
        return new RecorderStatus(spec.name(), spec.kind(), output.state(), -1, -1, output.behind(), output.recorded(),
                output.perSecond(), output.lastError());
    }

    /** What is sent to readers from now on has to be readable without what was sent before. */
    public void forget() {
        documents.forget();
    }

    /**
     * Waits until all have what the log has now; from now on none waits for more before it commits, nor long before it
     * tries again.
     *
     * @return false if the time was not enough
     */
    public boolean await(Duration time) {
        runs.forEach(RecorderRun::hurry);
        return Outputs.await(() -> status().stream().allMatch(status -> status.behind() <= 0
                && status.behindBlocks() <= 0), time);
    }

    /** Ends all where they are, in order; they go on from there when started again. */
    @Override
    public void close() {
        runs.forEach(RecorderRun::stop);
        documents.close();
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
