// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InputsTest {
    @Test
    void keepsWhatAMapInTheOrderOfUseKeeps() {
        Random random = random();
        Inputs inputs = new Inputs();
        LinkedHashMap<Long, LinkedHashMap<Long, Integer>> model = new LinkedHashMap<>(16, 0.75f, true);
        Set<Long> more = new HashSet<>();
        for (int step = 0; step < 400_000; step++) {
            long process = random.nextInt(20) == 0 ? random.nextInt(8) : random.nextInt(20_000);
            if (random.nextInt(30) == 0) {
                inputs.forget(process);
                model.remove(process);
                more.remove(process);
                continue;
            }
            long node = process < 8 ? random.nextInt(3000) : random.nextInt(20);
            inputs.take(process, node, (int) node + 1);
            LinkedHashMap<Long, Integer> nodes = model.computeIfAbsent(process, key -> new LinkedHashMap<>());
            if (nodes.size() < Inputs.OF_PROCESS_MAX || nodes.containsKey(node)) {
                nodes.put(node, (int) node + 1);
            } else {
                more.add(process);
            }
            if (model.size() > Inputs.PROCESSES_MAX) {
                long forgotten = model.keySet().iterator().next();
                model.remove(forgotten);
                more.remove(forgotten);
            }
        }
        for (long process = 0; process < 20_000; process++) {
            assertEquals(model.containsKey(process) ? List.copyOf(model.get(process).entrySet()) : null, entries(inputs.of(process)),
                    "process=" + process);
            assertEquals(more.contains(process), inputs.of(process) != null && inputs.of(process).more(), "process=" + process);
        }
        inputs.clear();
        for (long process = 0; process < 20_000; process++) {
            assertNull(inputs.of(process));
        }
    }

    private static Random random() {
        long seed = System.nanoTime();
        System.out.println("InputsTest: seed=" + seed);
        return new Random(seed);
    }

    private static List<Map.Entry<Long, Integer>> entries(Inputs.Taken taken) {
        if (taken == null) {
            return null;
        }
        List<Map.Entry<Long, Integer>> entries = new ArrayList<>();
        for (int i = 0; i < taken.size(); i++) {
            entries.add(Map.entry(taken.node(i), taken.handle(i)));
        }
        return entries;
    }

    @Test
    void aMapOfLongsKeepsWhatAMapKeeps() {
        Random random = random();
        LongIntMap map = new LongIntMap();
        Map<Long, Integer> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            long key = random.nextInt(500);
            if (random.nextInt(2) == 0) {
                map.put(key, step);
                model.put(key, step);
            } else {
                map.remove(key);
                model.remove(key);
            }
            long asked = random.nextInt(500);
            assertEquals(model.getOrDefault(asked, -1), map.get(asked));
        }
    }
}
