// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run of {@link SyscallBench} measured, in a file: {@code operation TAB level TAB median} on each line. Immutable. */
record Medians(Map<String, Double> values) {
    static Medians of(CallCosts costs) {
        Map<String, Double> values = new LinkedHashMap<>();
        for (Operation operation : Operation.ALL) {
            for (Level level : Level.values()) {
                values.put(operation.name() + "\t" + level.word(), costs.median(level, operation));
            }
        }
        return new Medians(values);
    }

    static Medians read(Path file) throws IOException {
        Map<String, Double> values = new LinkedHashMap<>();
        for (String line : Files.readAllLines(file)) {
            int tab = line.lastIndexOf('\t');
            values.put(line.substring(0, tab), Double.parseDouble(line.substring(tab + 1)));
        }
        return new Medians(values);
    }

    void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        values.forEach((key, value) -> lines.add(key + "\t" + value));
        Files.write(file, lines);
    }

    /** What a level adds over off, in percent; the mean of the operations if there are more. */
    double percent(Level level, String... operations) {
        double off = 0;
        double treated = 0;
        for (String operation : operations) {
            off += values.get(operation + "\t" + Level.OFF.word());
            treated += values.get(operation + "\t" + level.word());
        }
        return (treated / off - 1) * 100;
    }
}
