// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.capture.ring.Order;
import headwater.graph.Continuation;
import headwater.graph.GraphBuilder;
import headwater.model.GraphSink;
import headwater.model.Session;
import headwater.record.RecordHandler;
import headwater.store.Store;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;

/**
 * The event path, cut off after one of its rooms, on rings of its own. Each drain is measured; the filling before it is not.
 * One thread.
 */
final class Stage implements AutoCloseable {
    /** How far the path goes. */
    enum Reach {
        /** From record to record, without an order. */
        WALK("direct walk of the rings (base)"),
        /** One order across CPUs, and nothing behind it. */
        ORDER("+ one order"),
        /** The graph is made and thrown away. */
        GRAPH("+ graph"),
        /** Into the columns of the log's open block. What becomes of the block is timed apart: {@link LogBlocks}. */
        COLUMNS("+ columns of the log"),
        /** As in a recording; syncs left out. */
        LOG("+ log (whole path)");

        private final String text;

        Reach(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final int cpus;
    private final Producer producer;
    private final Arena arena = Arena.ofShared();
    private final Order order;
    private final DirectWalk[] walks;
    private final Path folder;
    private final Store store;
    private final LogBlocks blocks;
    private final CountingSink counted = new CountingSink();
    private final Samples ns = new Samples();
    private final Samples allocated = new Samples();
    private long records;

    /**
     * @param cpus how many CPUs make records
     * @param lanes how many rings there are, at least {@code cpus}
     * @param ringBytes size of each ring, a power of two
     */
    Stage(Reach reach, int cpus, int lanes, int ringBytes) throws IOException {
        this.cpus = cpus;
        producer = new Producer(cpus, lanes, ringBytes);
        int[] rings = producer.rings();
        walks = new DirectWalk[reach == Reach.WALK ? lanes : 0];
        for (int lane = 0; lane < walks.length; lane++) {
            walks[lane] = new DirectWalk(arena, rings[lane], ringBytes);
        }
        folder = reach == Reach.LOG ? TemporaryFolder.create() : null;
        store = reach == Reach.LOG ? Store.openForWriting(folder.resolve("store"), "dev/bench ring") : null;
        blocks = reach == Reach.COLUMNS ? new LogBlocks() : null;
        order = reach == Reach.WALK ? null : new Order(arena, rings, ringBytes, handler(reach));
        drain();
        records = 0;
    }

    private RecordHandler handler(Reach reach) {
        if (reach == Reach.ORDER) {
            return (record, at, length) -> { };
        }
        Session session = new Session(1, "bench", 1, 1, "trace", "tree", "dev/bench ring", System.currentTimeMillis(), 0);
        GraphSink sink = switch (reach) {
            case COLUMNS -> blocks.sink();
            case LOG -> store.writer();
            default -> counted;
        };
        sink.sessionStart(session);
        return new GraphBuilder(sink, null, Continuation.FIRST, session, 0, path -> null);
    }

    /** Makes {@code records} flows on each CPU. */
    void fill(int records) {
        producer.fill(records);
    }

    /** Takes all that is there; returns how many records that was. */
    int drain() {
        int found = 0;
        for (DirectWalk walk : walks) {
            found += walk.drain();
        }
        if (order != null) {
            long before = order.handedOn();
            while (order.poll() != 0) {
                Thread.onSpinWait();
            }
            found += (int) (order.handedOn() - before);
        }
        records += found;
        return found;
    }

    /**
     * Fills and drains until {@code total} records of each CPU have passed, {@code batch} of each at a time.
     *
     * @return CPU time of the drains per record, ns
     */
    double round(int total, int batch, boolean counts) {
        long cpuNs = 0;
        long bytes = 0;
        long passed = 0;
        for (int left = total; left > 0; left -= batch) {
            fill(Math.min(batch, left));
            long bytesBefore = Meter.allocatedBytes();
            long before = Meter.cpuNs();
            int found = drain();
            cpuNs += Meter.cpuNs() - before;
            bytes += Meter.allocatedBytes() - bytesBefore;
            passed += found;
            if (blocks != null) {
                blocks.drained();
            }
        }
        if (passed != (long) total * cpus) {
            throw new IllegalStateException("records were lost or left out: want=" + (long) total * cpus + ", passed="
                    + passed);
        }
        if (counts) {
            ns.add((double) cpuNs / passed);
            allocated.add((double) bytes / passed);
        }
        return (double) cpuNs / passed;
    }

    /** The log's blocks; of {@link Reach#COLUMNS} only, else null. */
    LogBlocks blocks() {
        return blocks;
    }

    /** Records that have passed. */
    long records() {
        return records;
    }

    /** Bytes that the index takes on the disk; meaningful for {@link Reach#LOG}. */
    long indexBytes() throws IOException {
        return TemporaryFolder.allocated(folder.resolve("store/index"));
    }

    /** CPU time per record, ns. */
    Samples ns() {
        return ns;
    }

    /** Heap bytes per record. */
    Samples allocated() {
        return allocated;
    }

    /** Nodes, edges and attributes per record; meaningful for {@link Reach#GRAPH}. */
    double eventsPerRecord() {
        return (double) counted.events() / records;
    }

    /** Bytes of the log per record; meaningful for {@link Reach#LOG}, after the last round. */
    double bytesPerRecord() throws IOException {
        store.writer().flush();
        return (double) TemporaryFolder.bytes(folder.resolve("store/log")) / records;
    }

    @Override
    public void close() throws IOException {
        if (store != null) {
            store.close();
            TemporaryFolder.delete(folder);
        }
        if (blocks != null) {
            blocks.close();
        }
        producer.close();
        arena.close();
    }
}
