// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InodeIntMapTest {
    @Test
    void shouldHoldWhatAMapHolds() {
        long seed = System.nanoTime();
        System.out.println("InodeIntMapTest seed=" + seed);
        Random random = new Random(seed);
        Map<KernelInode, Integer> reference = new HashMap<>();
        InodeIntMap map = new InodeIntMap();
        for (int i = 0; i < 200_000; i++) {
            KernelInode key = key(random);
            switch (random.nextInt(100)) {
                case 0 -> {
                    long dev = key.dev();
                    map.removeDevice(dev);
                    reference.keySet().removeIf(each -> each.dev() == dev);
                }
                case 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 -> {
                    map.remove(key);
                    reference.remove(key);
                }
                default -> {
                    map.put(key, i);
                    reference.put(key, i);
                }
            }
            KernelInode asked = key(random);
            assertEquals(reference.getOrDefault(asked, -1), map.get(asked), () -> "key=" + asked);
        }
        Map<KernelInode, Integer> all = new HashMap<>();
        map.forEach(all::put);
        assertEquals(reference, all);
    }

    /** Few, so that they meet again, and such as the kernel has: high bits are set in devices and generations. */
    private static KernelInode key(Random random) {
        return new KernelInode(0xfff00000L + random.nextInt(40), random.nextInt(200), random.nextInt(3) * 0x7fffffffL);
    }
}
