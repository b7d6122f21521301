// SPDX-License-Identifier: Apache-2.0
package headwater.store.bench;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.EventCounter;
import headwater.store.Store;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Writes a made-up build into a store and times what the store does with it. Arguments: millions of events, passes. CPU
 * time is that of the calling thread, which does all the work. Or {@code open STORE}: the first look of a fresh JVM.
 */
public final class StoreBench {
    private static final long SESSION_START_NS = 1_700_000_000_000_000_000L;

    private long nodes;
    private long edges;
    private long objects;
    private long events;
    private long timeNs = SESSION_START_NS;

    private StoreBench() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length == 2 && arguments[0].equals("open")) {
            openOnce(Path.of(arguments[1]));
            return;
        }
        double millions = arguments.length > 0 ? Double.parseDouble(arguments[0]) : 2;
        int passes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        for (int pass = 0; pass < passes; pass++) {
            Path path = Files.createTempDirectory("store-bench");
            try {
                new StoreBench().run(path.resolve("store"), (long) (millions * 1e6));
            } finally {
                if (System.getProperty("keep") == null) {
                    delete(path);
                }
            }
        }
    }

    /** What a cold JVM pays for one look into a store. */
    private static void openOnce(Path path) {
        time("first open", () -> {
            try (Store store = Store.openForReading(path); GraphView view = store.view()) {
                return view.edges();
            }
        });
    }

    private void run(Path path, long count) throws IOException {
        try (Store store = Store.openForWriting(path, "bench")) {
            time("log write", () -> {
                write(store.writer(), count);
                store.writer().sync();
                return events;
            });
            store.writer().sessionEnd(timeNs);
        }
        System.out.printf("log: %d events, %d nodes, %d edges, %.2f bytes/event%n", events, nodes, edges,
                (double) size(path.resolve("log")) / events);
        try (Store store = Store.openForReading(path)) {
            EventCounter counter = new EventCounter();
            time("replay", () -> {
                store.log().replay(counter);
                return counter.count();
            });
            time("index build", () -> {
                store.refreshIndex();
                return events;
            });
            System.out.printf("index: %.1f bytes/event%n", (double) size(path.resolve("index")) / events);
        }
        time("open with index", () -> {
            try (Store store = Store.openForReading(path); GraphView view = store.view()) {
                return view.nodes() > 0 ? 1 : 0;
            }
        });
        try (Store store = Store.openForReading(path); GraphView view = store.view()) {
            time("all causes, edges", () -> {
                long[] seen = new long[1];
                for (long node = 0; node < view.nodes(); node++) {
                    view.causes(node, (edge, relation, other, at) -> ++seen[0] > 0);
                }
                return seen[0];
            });
        }
    }

    private void write(GraphSink sink, long count) {
        Random random = new Random(42);
        byte[] name = new byte[64];
        MemorySegment bytes = MemorySegment.ofArray(name);
        int[] versions = new int[(int) count];
        long[] newest = new long[(int) count];
        sink.sessionStart(new Session(1, "boot", 1, 1, "trace", "system", "", timeNs, 0));
        events = 1;
        long task = -1;
        while (events < count) {
            timeNs += random.nextInt(20_000);
            if (task < 0 || random.nextInt(200) == 0) {
                task = fresh(sink, NodeKind.TASK, newest);
                sink.attribute(objects - 1, Attribute.PID, objects, timeNs);
                events++;
            }
            if (random.nextInt(12) == 0) {
                fresh(sink, NodeKind.FILE, newest);
                String path = "/usr/src/linux/drivers/net/part" + random.nextInt(5000) + "/file" + objects % 30_000
                        + ".o";
                byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
                System.arraycopy(utf8, 0, name, 0, utf8.length);
                sink.attribute(objects - 1, Attribute.NAME, bytes, 0, utf8.length, timeNs);
                events++;
            }
            int object = (int) (objects * Math.pow(random.nextDouble(), 3));
            if (random.nextInt(3) == 0) {
                sink.node(nodes, object, ++versions[object], object % 3 == 0 ? NodeKind.FILE : NodeKind.TASK, timeNs);
                sink.edge(edges++, Relation.VERSION_ENTITY, newest[object], nodes, timeNs, task, 0, -1);
                newest[object] = nodes++;
                events += 2;
            }
            sink.edge(edges++, random.nextBoolean() ? Relation.READ : Relation.WRITE, newest[object], task, timeNs,
                    task, 4, random.nextInt(4) * 4096L);
            events++;
        }
    }

    private long fresh(GraphSink sink, NodeKind kind, long[] newest) {
        newest[(int) objects] = nodes;
        sink.node(nodes, objects++, 0, kind, timeNs);
        events++;
        return nodes++;
    }

    private interface Work {
        /** Does it, and says how many. */
        long run();
    }

    private static void time(String what, Work work) {
        var thread = ManagementFactory.getThreadMXBean();
        long cpu = thread.getCurrentThreadCpuTime();
        long wall = System.nanoTime();
        long count = work.run();
        double cpuSeconds = (thread.getCurrentThreadCpuTime() - cpu) / 1e9;
        double wallSeconds = (System.nanoTime() - wall) / 1e9;
        System.out.printf("%-18s %8.1f ms CPU %8.1f ms wall %8.2f M/cpu-s%n", what, cpuSeconds * 1e3, wallSeconds * 1e3,
                count / cpuSeconds / 1e6);
    }

    private static long size(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
