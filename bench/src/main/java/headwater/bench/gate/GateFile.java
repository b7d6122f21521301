// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The file of the tree that says what capture costs. Lines of fields between tabs, sorted, one figure for each kernel in a line; what a
 * kernel does not have is {@code -}. Immutable.
 *
 * @param kernels by series ({@code 6.12})
 * @param tolerances by the name of an operation, or {@code calls}, {@code programs} for all that are not named
 */
public record GateFile(Map<String, Costs> kernels, Map<String, Tolerance> tolerances) {
    private static final List<String> HEAD = List.of(
            "# What capture costs, in figures that do not depend on the machine. Written by: dev/bench gate --write. Judged by: dev/bench gate,",
            "# and by the tests that boot guests. docs/benchmarks.md says how to read it.");
    private static final String NONE = "-";

    /**
     * How far a figure may be from the file's.
     *
     * @param percent of the figure
     * @param slack at the least, whatever that comes to
     * @param ofOff whether slack is percent of what the operation takes with nothing attached, else instructions or bytes
     */
    public record Tolerance(double percent, double slack, boolean ofOff) {
        double of(long figure, long off) {
            return Math.max(Math.abs(figure) * percent / 100, ofOff ? off * slack / 100 : slack);
        }

        private String text() {
            return percent + "%\t" + slack + (ofOff ? "% of off" : "");
        }

        private static Tolerance of(String percent, String slack) {
            String[] words = slack.split("%");
            return new Tolerance(Double.parseDouble(percent.replace("%", "")), Double.parseDouble(words[0]), words.length > 1);
        }
    }

    /** Figures of nothing yet. */
    static GateFile empty() {
        SortedMap<String, Tolerance> tolerances = new TreeMap<>();
        tolerances.put("calls", new Tolerance(5, 0.5, true));
        // What the kernel finds to copy, to free and to allocate differs from boot to boot.
        tolerances.put("create_0k", new Tolerance(5, 10, true));
        tolerances.put("delete_0k", new Tolerance(5, 2, true));
        tolerances.put("fork_exit_wait", new Tolerance(5, 4, true));
        tolerances.put("new_open_close", new Tolerance(5, 1.5, true));
        tolerances.put("programs", new Tolerance(5, 10, false));
        return new GateFile(Map.of(), tolerances);
    }

    /** An empty one if there is no such file. */
    public static GateFile readOrEmpty(Path file) throws IOException {
        return Files.exists(file) ? read(file) : empty();
    }

    /**
     * Reads it.
     *
     * @throws IOException if it cannot be read, or a line is not as {@link #write} makes them; the message names the line
     */
    public static GateFile read(Path file) throws IOException {
        List<String> series = List.of();
        List<String> releases = List.of();
        Map<String, SortedMap<Item, Long>> figures = new TreeMap<>();
        SortedMap<String, Tolerance> tolerances = new TreeMap<>();
        for (String line : Files.readAllLines(file)) {
            if (line.startsWith("#") || line.isBlank()) {
                continue;
            }
            List<String> fields = List.of(line.split("\t"));
            try {
                switch (fields.getFirst()) {
                    case "tolerance" -> tolerances.put(fields.get(1), Tolerance.of(fields.get(2), fields.get(3)));
                    case "kernel" -> {
                        series = fields.subList(4, fields.size());
                        series.forEach(one -> figures.put(one, new TreeMap<>()));
                    }
                    case "release" -> releases = fields.subList(4, fields.size());
                    default -> {
                        Item item = new Item(fields.get(1), fields.get(2), Measure.ofWord(fields.get(3)));
                        for (int i = 0; i < series.size(); i++) {
                            if (!fields.get(4 + i).equals(NONE)) {
                                figures.get(series.get(i)).put(item, Long.parseLong(fields.get(4 + i)));
                            }
                        }
                    }
                }
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                throw new IOException("line cannot be read: file=" + file + ", line=" + line + "; write it again with dev/bench gate --write", e);
            }
        }
        Map<String, Costs> kernels = new TreeMap<>();
        for (int i = 0; i < series.size(); i++) {
            kernels.put(series.get(i), new Costs(releases.get(i), figures.get(series.get(i))));
        }
        return new GateFile(kernels, tolerances);
    }

    /** The same with other figures of these kernels; all others, and the tolerances, stay. */
    GateFile with(Map<String, Costs> measured) {
        Map<String, Costs> all = new TreeMap<>(kernels);
        all.putAll(measured);
        return new GateFile(all, tolerances);
    }

    Tolerance tolerance(Item item) {
        return tolerances.getOrDefault(item.name(), tolerances.get(item.measure().isOfProgram() ? "programs" : "calls"));
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(HEAD);
        tolerances.forEach((name, tolerance) -> lines.add("tolerance\t" + name + "\t" + tolerance.text()));
        // By number: 6.1 before 6.12.
        List<String> series = new ArrayList<>(kernels.keySet());
        series.sort(Comparator.comparingInt(one -> Integer.parseInt(one.substring(one.indexOf('.') + 1))));
        lines.add("kernel\t\t\t\t" + String.join("\t", series));
        lines.add("release\t\t\t\t" + String.join("\t", series.stream().map(one -> kernels.get(one).release()).toList()));
        SortedSet<Item> items = new TreeSet<>();
        kernels.values().forEach(costs -> items.addAll(costs.figures().keySet()));
        for (Item item : items) {
            StringBuilder line = new StringBuilder(String.join("\t", item.measure().isOfProgram() ? "program" : "call", item.frontEnd(),
                    item.name(), item.measure().word()));
            series.forEach(one -> {
                Long figure = kernels.get(one).figures().get(item);
                line.append('\t').append(figure == null ? NONE : figure.toString());
            });
            lines.add(line.toString());
        }
        Files.write(file, lines);
    }
}
