// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * A chain of channels, from process to process: what the tester {@code compose} moves bytes through.
 *
 * @param stages as {@code compose --stages} names them
 */
record Composition(List<String> stages) {
    private static final int FEWEST = 3;
    private static final int MOST = 8;

    /**
     * What a process gets by loading from memory that it mapped before, and what it puts by storing there: one behind the other, they
     * are {@link headwater.capture.BlindSpot#MEMORY_TO_MEMORY}.
     */
    private static final Set<String> LOADED = Set.of("mmap-both", "mmap-filled", "sysv-memory-before");
    private static final Set<String> STORED = Set.of("mmap-both", "mmap-write-before", "sysv-memory-before");

    Composition {
        stages = List.copyOf(stages);
    }

    /** One that every front-end must see. */
    static Composition random(Random random, List<String> all) {
        List<String> chosen = new ArrayList<>();
        for (int left = random.nextInt(FEWEST, MOST + 1); left > 0; left--) {
            String next = all.get(random.nextInt(all.size()));
            while (!chosen.isEmpty() && LOADED.contains(chosen.getLast()) && STORED.contains(next)) {
                next = all.get(random.nextInt(all.size()));
            }
            chosen.add(next);
        }
        return new Composition(chosen);
    }

    /** All its parts that are shorter than it is and have no hole, the shortest first. */
    List<Composition> parts() {
        Set<Composition> parts = new TreeSet<>(Comparator.comparing((Composition part) -> part.stages.size())
                .thenComparing(Composition::toString));
        for (int from = 0; from < stages.size(); from++) {
            for (int to = from + 1; to <= stages.size(); to++) {
                if (to - from < stages.size()) {
                    parts.add(new Composition(stages.subList(from, to)));
                }
            }
        }
        return List.copyOf(parts);
    }

    /** In the tester's words. */
    @Override
    public String toString() {
        return String.join(" ", stages);
    }
}
