// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import java.util.Comparator;

/**
 * What has a figure in each kernel.
 *
 * @param frontEnd whose programs: {@code lsm} or {@code trace}
 * @param name of an operation ({@code read_zero_1}) or of a program ({@code lsm_file_open})
 * @param measure which figure of it
 */
public record Item(String frontEnd, String name, Measure measure) implements Comparable<Item> {
    private static final Comparator<Item> ORDER = Comparator.comparing((Item item) -> item.measure.isOfProgram())
            .thenComparing(Item::frontEnd).thenComparing(Item::name).thenComparing(Item::measure);

    @Override
    public int compareTo(Item other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return frontEnd + " " + name + " " + measure.word();
    }
}
