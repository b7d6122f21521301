// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random flows between real processes, files and pipes, against a model that keeps every one of them: after suppression in the
 * kernel, the rings, the order and the versions, each file has exactly the ancestors that the model gives it. By the front-end of
 * {@link TestedFrontEnd}; {@code -Dheadwater.flows=100} makes as many plans, {@code -Dheadwater.flows.seed=N} those of that seed.
 */
class RandomFlowsTest {
    private static final int FILES = 12;
    private static final int PIPES = 6;
    private static final int WORKERS_MAX = 10;
    /** In a plan's line for a copy, by which the number of its source is multiplied. */
    private static final int SOURCE = 32;
    /** Short plans tell most: in a long one everything comes of everything. */
    private static final int STEPS_MAX = 400;
    /** Bytes that a plan leaves in a pipe at most; below its 16 buffers, of which a splice takes one for each byte. */
    private static final int PIPE_BYTES_MAX = 12;

    private static final int PLANS = Integer.getInteger("headwater.flows", 40);
    private static final long SEED = Long.getLong("headwater.flows.seed", System.nanoTime());

    @TempDir
    static Path tools;

    @TempDir
    Path folder;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        Process compiler = new ProcessBuilder("cc", "-O1", "-Wall", "-static", "-o", tools.resolve("random_flows").toString(),
                "src/test/c/random_flows.c").inheritIO().start();
        assertTrue(compiler.waitFor(60, TimeUnit.SECONDS) && compiler.exitValue() == 0, "the tester must compile");
    }

    /** All plans are carried out in one recording: what the kernel remembers of one meets the next. */
    @Test
    void ancestorsAreThoseOfAModelThatKeepsEveryFlow() throws IOException {
        System.out.println("RandomFlowsTest: -Dheadwater.flows=" + PLANS + " -Dheadwater.flows.seed=" + SEED);
        Random random = new Random(SEED);
        List<Plan> plans = new ArrayList<>();
        for (int i = 0; i < PLANS; i++) {
            Plan plan = new Plan(Files.createDirectory(folder.resolve("plan" + i)), random);
            Files.writeString(plan.folder.resolve("plan"), plan.text.toString());
            plans.add(plan);
        }
        Path path = folder.resolve("store");
        CommandRun.Outcome outcome;
        try (Store store = Store.openForWriting(path, "test")) {
            String each = "for folder in %s/plan*; do %s $folder/plan $folder %d %d || exit 1; done"
                    .formatted(folder, tools.resolve("random_flows"), FILES, PIPES);
            outcome = CommandRun.run(store, new Recording.Plan(TestedFrontEnd.get(), false, "random_flows", 1 << 22),
                    Stream.of("sh", "-c", each).map(String::getBytes).toList());
        }
        assertEquals(0, outcome.status());
        assertEquals(0, outcome.figures().lost(), "lost records");

        try (GraphView view = Store.openForReading(path).view()) {
            for (Plan plan : plans) {
                plan.verify(view);
            }
        }
    }

    /** A plan and, beside it, the model's answer. */
    private static final class Plan {
        private final Path folder;
        private final StringBuilder text = new StringBuilder();
        private final List<Set<String>> processes = new ArrayList<>();
        private final List<Set<String>> files = new ArrayList<>();
        private final List<Set<String>> pipes = new ArrayList<>();

        Plan(Path folder, Random random) {
            this.folder = folder;
            make(random);
        }

        private void make(Random random) {
            int[] waiting = new int[PIPES];
            int[] lastFiles = new int[WORKERS_MAX];
            processes.add(new TreeSet<>());
            for (int i = 0; i < FILES; i++) {
                files.add(new TreeSet<>(Set.of("process0")));
            }
            for (int i = 0; i < PIPES; i++) {
                pipes.add(new TreeSet<>());
            }
            int steps = 10 + random.nextInt(STEPS_MAX);
            for (int step = 0; step < steps; step++) {
                int worker = random.nextInt(processes.size());
                int kind = random.nextInt(100);
                // Often the same again, of which the kernel side keeps the most (bpf/repeats.h).
                int file = random.nextBoolean() ? lastFiles[worker] : random.nextInt(FILES);
                lastFiles[worker] = file;
                int pipe = random.nextInt(PIPES);
                if (kind < 2 && processes.size() < WORKERS_MAX) {
                    text.append("f ").append(worker).append(' ').append(processes.size()).append('\n');
                    processes.add(with(processes.get(worker), "process" + worker));
                } else if (kind < 10) {
                    copy(random.nextInt(3), worker, file, random.nextInt(FILES), pipe, waiting);
                } else if (kind < 40) {
                    text.append("r ").append(worker).append(' ').append(file).append('\n');
                    flow(files.get(file), "file" + file, processes.get(worker), "process" + worker);
                } else if (kind < 60) {
                    text.append("w ").append(worker).append(' ').append(file).append('\n');
                    flow(processes.get(worker), "process" + worker, files.get(file), "file" + file);
                } else if (kind < 80 && waiting[pipe] > 0) {
                    text.append("g ").append(worker).append(' ').append(pipe).append('\n');
                    waiting[pipe]--;
                    flow(pipes.get(pipe), "", processes.get(worker), "process" + worker);
                } else if (waiting[pipe] < PIPE_BYTES_MAX) {
                    text.append("p ").append(worker).append(' ').append(pipe).append('\n');
                    waiting[pipe]++;
                    flow(processes.get(worker), "process" + worker, pipes.get(pipe), "");
                }
            }
        }

        /** Inside the kernel, past the worker's memory: from file to file, from file to pipe, from pipe to file. */
        private void copy(int kind, int worker, int file, int other, int pipe, int[] waiting) {
            if (kind == 0 && file != other) {
                text.append("c ").append(worker).append(' ').append(file * SOURCE + other).append('\n');
                flow(files.get(file), "file" + file, files.get(other), "file" + other);
            } else if (kind == 1 && waiting[pipe] < PIPE_BYTES_MAX) {
                text.append("s ").append(worker).append(' ').append(file * SOURCE + pipe).append('\n');
                waiting[pipe]++;
                flow(files.get(file), "file" + file, pipes.get(pipe), "");
            } else if (kind == 2 && waiting[pipe] > 0) {
                text.append("t ").append(worker).append(' ').append(pipe * SOURCE + file).append('\n');
                waiting[pipe]--;
                flow(pipes.get(pipe), "", files.get(file), "file" + file);
            }
        }

        private static void flow(Set<String> from, String fromName, Set<String> to, String toName) {
            to.addAll(from);
            if (!fromName.isEmpty()) {
                to.add(fromName);
            }
            // What comes back to a thing by a cycle is not its ancestor but itself.
            to.remove(toName);
        }

        private static Set<String> with(Set<String> set, String name) {
            Set<String> more = new TreeSet<>(set);
            more.add(name);
            return more;
        }

        /** What the model calls the objects of the graph. */
        private Map<Long, String> names(GraphView view, List<String> pids) {
            Map<Long, String> names = new HashMap<>();
            for (int i = 0; i < FILES; i++) {
                for (long object : view.find(Attribute.NAME, folder.resolve("file" + i).toString().getBytes())) {
                    names.put(object, "file" + i);
                }
            }
            for (int i = 0; i < pids.size(); i++) {
                for (long object : view.find(Attribute.TGID, Long.parseLong(pids.get(i)))) {
                    if (view.kind(object) == NodeKind.PROCESS_MEMORY) {
                        names.put(object, "process" + i);
                    }
                }
            }
            return names;
        }

        private static Set<String> ancestors(GraphView view, String of, Map<Long, String> names) {
            Set<Long> seen = new HashSet<>();
            ArrayDeque<Long> next = new ArrayDeque<>();
            Set<String> found = new TreeSet<>();
            names.forEach((object, name) -> {
                if (name.equals(of)) {
                    for (long version : view.versions(object)) {
                        next.add(version);
                    }
                }
            });
            assertTrue(!next.isEmpty(), "not in the graph: " + of);
            while (!next.isEmpty()) {
                long node = next.remove();
                if (seen.add(node)) {
                    String name = names.get(view.object(node));
                    if (name != null) {
                        found.add(name);
                    }
                    view.causes(node, (edge, relation, other, time) -> {
                        if (!relation.isTelling()) {
                            next.add(other);
                        }
                        return true;
                    });
                }
            }
            found.remove(of);
            return found;
        }

        void verify(GraphView view) throws IOException {
            Map<Long, String> names = names(view, Files.readAllLines(folder.resolve("pids")));
            for (int i = 0; i < FILES; i++) {
                assertEquals(files.get(i), ancestors(view, "file" + i, names),
                        "ancestors of file" + i + " in " + folder + ", seed=" + SEED);
            }
        }
    }
}
