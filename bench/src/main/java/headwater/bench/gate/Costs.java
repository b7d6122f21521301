// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import headwater.bench.CallCosts;
import headwater.bench.Operation;
import headwater.capture.kernel.BpfObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The figures of one kernel. As a file: {@code release TAB …} and then {@code front-end TAB name TAB measure TAB figure} on each line.
 *
 * @param release of the kernel, as {@code uname -r} has it
 */
public record Costs(String release, SortedMap<Item, Long> figures) {
    /** Of operations: what each level takes beyond off. */
    static void add(SortedMap<Item, Long> figures, String frontEnd, CallCosts costs, List<Operation> operations) {
        for (Operation operation : operations) {
            double off = costs.median(Measure.OFF.level(), operation);
            for (Measure measure : Measure.values()) {
                if (!measure.isOfProgram()) {
                    double figure = costs.median(measure.level(), operation) - (measure == Measure.OFF ? 0 : off);
                    figures.put(new Item(frontEnd, operation.name(), measure), Math.round(figure));
                }
            }
        }
    }

    /** Of programs: their sizes. */
    static void add(SortedMap<Item, Long> figures, String frontEnd, Map<String, BpfObject.Size> programs) {
        programs.forEach((name, size) -> {
            figures.put(new Item(frontEnd, name, Measure.VERIFIED), (long) size.verified());
            figures.put(new Item(frontEnd, name, Measure.INSTRUCTIONS), (long) size.instructions());
            figures.put(new Item(frontEnd, name, Measure.MACHINE_BYTES), (long) size.machineBytes());
        });
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("release\t" + release);
        figures.forEach((item, figure) -> lines.add(String.join("\t", item.frontEnd(), item.name(), item.measure().word(), figure.toString())));
        Files.write(file, lines);
    }

    static Costs read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        SortedMap<Item, Long> figures = new TreeMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] fields = line.split("\t");
            figures.put(new Item(fields[0], fields[1], Measure.ofWord(fields[2])), Long.parseLong(fields[3]));
        }
        return new Costs(lines.getFirst().split("\t")[1], figures);
    }
}
