// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.Arrays;

/** Different texts, numbered from 0 in the order in which they came; beside the text itself, one takes some 15 bytes. One thread. */
final class Texts {
    private String[] texts = new String[64];
    private int count;
    /** Numbers plus one, by the hash of their texts; 0 where the slot is free. */
    private int[] slots = new int[128];

    String get(int number) {
        return texts[number];
    }

    /** The number of {@code text}, -1 if it has none. */
    int number(String text) {
        return slots[slot(text)] - 1;
    }

    /** Gives the next number to {@code text}, which has none. */
    int add(String text) {
        if (count == texts.length) {
            texts = Arrays.copyOf(texts, 2 * count);
            slots = new int[4 * count];
            for (int i = 0; i < count; i++) {
                slots[slot(texts[i])] = i + 1;
            }
        }
        texts[count] = text;
        slots[slot(text)] = count + 1;
        return count++;
    }

    private int slot(String text) {
        int mask = slots.length - 1;
        int mixed = text.hashCode() * 0x9e3779b9;
        int slot = (mixed ^ mixed >>> 15) & mask;
        while (slots[slot] != 0 && !texts[slots[slot] - 1].equals(text)) {
            slot = slot + 1 & mask;
        }
        return slot;
    }
}
