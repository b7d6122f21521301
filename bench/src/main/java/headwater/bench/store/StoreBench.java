// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.bench.Report;
import headwater.bench.TemporaryFolder;
import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.query.format.W3cFormat;
import headwater.store.Store;
import headwater.store.index.StoreView;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Measures the store on a made-up kernel build. Arguments:
 *
 * <pre>
 * measure DIRECTORY SCALE   everything at this scale; prints a line for each figure: name, value, unit, target, verdict
 * write DIRECTORY SCALE     a store as a daemon would write it, and beside it the questions and the right answers
 * questions DIRECTORY SCALE the questions and answers alone
 * query DIRECTORY           asks these, of the segments on disk
 * edges DIRECTORY SCALE     the bare edges for other databases, as lines of effect, cause, relation
 * </pre>
 */
public final class StoreBench {
    private static final com.sun.management.OperatingSystemMXBean PROCESS =
            (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Report report = new Report();
    private final Path directory;
    private final double scale;

    private StoreBench(Path directory, double scale) {
        this.directory = directory;
        this.scale = scale;
    }

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[1]);
        switch (arguments[0]) {
            case "measure" -> new StoreBench(directory, Double.parseDouble(arguments[2])).measure();
            case "write" -> new StoreBench(directory, Double.parseDouble(arguments[2])).write();
            case "questions" -> new StoreBench(directory, Double.parseDouble(arguments[2]))
                    .questions(new ReferenceCsr());
            case "query" -> new StoreBench(directory, 0).query();
            case "edges" -> new StoreBench(directory, Double.parseDouble(arguments[2])).edges();
            default -> throw new IllegalArgumentException("unknown command: " + arguments[0]);
        }
    }

    private void measure() throws Exception {
        KernelBuild.run(Math.min(scale, 0.05), new Nothing());
        warmUp();
        long cpu = threadCpu();
        KernelBuild.Size size = KernelBuild.run(scale, new Nothing());
        double generator = (threadCpu() - cpu) / 1e9;
        report.say("nodes", size.nodes(), "");
        report.say("edges", size.edges(), "");
        report.say("values of attributes", size.attributes(), "");
        ReferenceCsr reference = new ReferenceCsr();
        KernelBuild.run(scale, reference);
        reference.finish();
        Questions questions = Questions.choose(reference);
        logOnly(size, generator);
        whole(size, generator, questions);
        rebuild(size);
        inSegments(size, questions);
        provJson();
        report.print();
        if (report.missed()) {
            System.exit(3);
        }
    }

    private void warmUp() throws IOException {
        for (int i = 0; i < 4; i++) {
            Path path = directory.resolve("warm");
            try (Store store = Store.openForWriting(path, "bench", 500_000)) {
                KernelBuild.run(0.05, store.writer());
                store.refreshIndex();
            }
            delete(path);
        }
    }

    private void logOnly(KernelBuild.Size size, double generator) throws IOException {
        Path path = directory.resolve("log");
        try (Store store = Store.openForWriting(path, "bench", Integer.MAX_VALUE >> 1)) {
            KernelBuild.run(scale, new WithoutStrings(store.writer()));
        }
        double graph = size.nodes() + size.edges();
        report.say("log without strings", bytes(path.resolve("log")) / graph, "B per node or edge");
        delete(path);
    }

    /** All in one hot segment, then all in one sealed segment. */
    private void whole(KernelBuild.Size size, double generator, Questions questions) throws Exception {
        Path path = directory.resolve("whole");
        double graph = size.nodes() + size.edges();
        for (int i = scale < 1 ? 6 : 0; i > 0; i--) {
            // A small one is over before the compiler is: the last counts.
            try (Store store = Store.openForWriting(path, "bench", (int) size.events() + 1_000_000)) {
                KernelBuild.run(scale, new Endless(store.writer()));
            }
            delete(path);
        }
        try (Store store = Store.openForWriting(path, "bench", (int) size.events() + 1_000_000)) {
            long cpu = threadCpu();
            KernelBuild.run(scale, new Endless(store.writer()));
            store.writer().sync();
            double seconds = (threadCpu() - cpu) / 1e9 - generator;
            report.atLeast("log + hot index, nodes and edges", graph / seconds / 1e6, "M per CPU-second", 5);
            report.say("log + hot index, with values of attributes", size.events() / seconds / 1e6, "M per CPU-second");
            report.say("made by the generator, not counted", generator, "CPU-seconds");
            report.atMost("log, with strings", bytes(path.resolve("log")) / graph, "B per node or edge", 8);
            report.say("log, with strings and values", bytes(path.resolve("log")) / (double) size.events(),
                    "B per event");
            size("hot", TemporaryFolder.allocated(path.resolve("index")), 450);
            try (StoreView view = store.view()) {
                questions.ask(view, "hot", report, false);
            }
            long before = PROCESS.getProcessCpuTime();
            store.refreshIndex();
            double sealing = (PROCESS.getProcessCpuTime() - before) / 1e9;
            report.say("sealing, with values", size.events() / sealing / 1e6, "M per CPU-second");
            report.say("sealing, nodes and edges", graph / sealing / 1e6, "M per CPU-second");
        }
        size("sealed", bytes(path.resolve("index")), 100);
        try (StoreView view = Store.openForReading(path).view()) {
            questions.ask(view, "sealed", report, true);
            questions.ask(view, "sealed", report, true);
        }
    }

    /** A small graph has as many headers as a large one, and tables grow by steps: sizes are judged at full scale. */
    private void size(String what, long bytes, double mostMb) {
        if (scale >= 1) {
            report.atMost(what, bytes / 1e6 / scale, "MB, at scale 1", mostMb);
        } else {
            report.say(what, bytes / 1e6, "MB");
        }
    }

    private void rebuild(KernelBuild.Size size) throws IOException {
        Path path = directory.resolve("whole");
        double seconds = 0;
        for (int i = scale < 1 ? 4 : 1; i > 0; i--) {
            delete(path.resolve("index"));
            Files.createDirectory(path.resolve("index"));
            long cpu = threadCpu();
            Store.openForReading(path).refreshIndex();
            seconds = (threadCpu() - cpu) / 1e9;
        }
        report.atLeast("index rebuilt from the log", size.events() / seconds / 1e6, "M events per CPU-second", 5);
        report.say("index rebuilt from the log, nodes and edges", (size.nodes() + size.edges()) / seconds / 1e6,
                "M per CPU-second");
        long wall = System.nanoTime();
        Store.openForReading(path).view().close();
        report.say("opening", (System.nanoTime() - wall) / 1e6, "ms");
        delete(path);
    }

    /**
     * As a daemon has it: many segments, sealed and merged behind the writer; and questions while it writes at full
     * rate.
     */
    private void inSegments(KernelBuild.Size size, Questions questions) throws Exception {
        Path path = directory.resolve("parts");
        int hotEvents = (int) Math.min(8 << 20, size.events() / 12 + 1);
        try (Store store = Store.openForWriting(path, "bench", hotEvents)) {
            Busy busy = new Busy(path, questions);
            Thread reader = new Thread(busy);
            reader.start();
            long wall = System.nanoTime();
            KernelBuild.run(scale, new Endless(store.writer()));
            store.writer().sync();
            double seconds = (System.nanoTime() - wall) / 1e9;
            busy.stop();
            reader.join();
            report.say("written while read, sealed and merged, with values", size.events() / seconds / 1e6,
                    "M per second of wall time");
            store.refreshIndex();
            try (StoreView view = store.view()) {
                report.say("segments", view.segments(), "");
                questions.ask(view, "segments", report, true);
                busy.compare(view, report);
            }
        }
        delete(path);
    }

    /** What other recorders do, on a part of the graph. */
    private void provJson() throws IOException {
        Path path = directory.resolve("part");
        try (Store store = Store.openForWriting(path, "bench")) {
            KernelBuild.run(Math.min(scale, 0.05), store.writer());
        }
        try (StoreView view = Store.openForReading(path).view()) {
            double last = 0;
            long[] bytes = new long[1];
            for (int i = 0; i < 3; i++) {
                bytes[0] = 0;
                long cpu = threadCpu();
                try (OutputStream out = new GZIPOutputStream(new Counting(bytes), 1 << 16)) {
                    new W3cFormat().writeAll(view, out);
                }
                last = (view.nodes() + view.edges()) / ((threadCpu() - cpu) / 1e9) / 1e6;
            }
            report.say("beside it: gzip of PROV-JSON (headwater export --format w3c), nodes and edges", last,
                    "M per CPU-second");
            report.say("beside it: gzip of PROV-JSON", bytes[0] / (double) (view.nodes() + view.edges()),
                    "B per node or edge");
        }
        delete(path);
    }

    /** Counts bytes and forgets them. */
    private static final class Counting extends OutputStream {
        private final long[] count;

        Counting(long[] count) {
            this.count = count;
        }

        @Override
        public void write(int value) {
            count[0]++;
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            count[0] += length;
        }
    }

    private void write() throws IOException {
        warmUp();
        ReferenceCsr reference = new ReferenceCsr();
        KernelBuild.Size size;
        try (Store store = Store.openForWriting(directory.resolve("store"), "bench")) {
            long wall = System.nanoTime();
            long cpu = PROCESS.getProcessCpuTime();
            size = KernelBuild.run(scale, store.writer());
            store.writer().sync();
            System.out.printf(Locale.ROOT, "written: events=%d, nodes=%d, edges=%d, seconds=%.1f, CPU-seconds=%.1f%n",
                    size.events(),
                    size.nodes(), size.edges(), (System.nanoTime() - wall) / 1e9,
                    (PROCESS.getProcessCpuTime() - cpu) / 1e9);
            store.refreshIndex();
            System.out.printf(Locale.ROOT, "sealed: seconds=%.1f, CPU-seconds=%.1f%n", (System.nanoTime() - wall) / 1e9,
                    (PROCESS.getProcessCpuTime() - cpu) / 1e9);
        }
        System.out.printf(Locale.ROOT, "log=%d index=%d%n", bytes(directory.resolve("store/log")),
                bytes(directory.resolve("store/index")));
        questions(reference);
    }

    private void questions(ReferenceCsr reference) throws IOException {
        KernelBuild.run(scale, reference);
        reference.finish();
        Questions.choose(reference).save(directory.resolve("questions"));
    }

    private void query() throws Exception {
        Questions questions = Questions.load(directory.resolve("questions"));
        long wall = System.nanoTime();
        try (StoreView view = Store.openForReading(directory.resolve("store")).view()) {
            report.say("opening", (System.nanoTime() - wall) / 1e6, "ms");
            report.say("segments", view.segments(), "");
            questions.askOnce(view, "on disk", report);
        }
        report.print();
        if (report.missed()) {
            System.exit(3);
        }
    }

    private void edges() throws IOException {
        ReferenceCsr reference = new ReferenceCsr();
        KernelBuild.run(scale, reference);
        reference.finish();
        try (var out = Files.newBufferedWriter(directory.resolve("edges.csv"), StandardCharsets.US_ASCII)) {
            for (int i = 0; i < reference.edges(); i++) {
                out.append(Integer.toString(reference.effect(i))).append(',')
                        .append(Integer.toString(reference.cause(i))).append('\n');
            }
        }
        Questions.choose(reference).save(directory.resolve("questions"));
    }

    static long threadCpu() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    static void delete(Path path) throws IOException {
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(path)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }

    /** Takes events and does nothing. */
    private static final class Nothing extends PassingSink {
        Nothing() {
            super(null);
        }
    }

    /** Leaves the end of the session out, so that nothing is sealed yet. */
    private static final class Endless extends PassingSink {
        Endless(GraphSink to) {
            super(to);
        }

        @Override
        public void sessionEnd(long timeNs) {
            // Not yet.
        }
    }

    private static final class WithoutStrings extends PassingSink {
        WithoutStrings(GraphSink to) {
            super(to);
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length,
                long timeNs) {
            // Left out.
        }

        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            // Likewise: what is compared has nodes and edges only.
        }
    }
}
