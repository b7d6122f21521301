// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.model.GraphView;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The newest values of one object, ascending by code. Strings are copied when they are asked for. */
final class ObjectAttributes implements GraphView.Attributes {
    private int count;
    private final int[] codes;
    private final long[] numbers;
    private final int[] lengths;
    private final MemorySegment[] strings;

    ObjectAttributes(int capacity) {
        codes = new int[capacity];
        numbers = new long[capacity];
        lengths = new int[capacity];
        strings = new MemorySegment[capacity];
    }

    /** Adds the Value at {@code at} of {@code from}, in place of one of the same attribute. */
    void put(MemorySegment from, long at, MemorySegment stringBytes) {
        int code = from.get(IndexFormat.INT, at + IndexFormat.VALUE_CODE);
        int i = 0;
        while (i < count && codes[i] < code) {
            i++;
        }
        if (i == count || codes[i] != code) {
            System.arraycopy(codes, i, codes, i + 1, count - i);
            System.arraycopy(numbers, i, numbers, i + 1, count - i);
            System.arraycopy(lengths, i, lengths, i + 1, count - i);
            System.arraycopy(strings, i, strings, i + 1, count - i);
            count++;
        }
        codes[i] = code;
        numbers[i] = from.get(IndexFormat.LONG, at + IndexFormat.VALUE_NUMBER);
        lengths[i] = from.get(IndexFormat.INT, at + IndexFormat.VALUE_LENGTH);
        strings[i] = stringBytes;
    }

    @Override
    public long number(Attribute attribute, long otherwise) {
        int i = indexOf(attribute);
        return i < 0 || lengths[i] >= 0 ? otherwise : numbers[i];
    }

    @Override
    public byte[] bytes(Attribute attribute) {
        int i = indexOf(attribute);
        return i < 0 || lengths[i] < 0 ? null
                : strings[i].asSlice(numbers[i], lengths[i]).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    public List<Attribute> known() {
        List<Attribute> known = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            known.add(Attribute.ofCode(codes[i]));
        }
        return known;
    }

    private int indexOf(Attribute attribute) {
        for (int i = 0; i < count; i++) {
            if (codes[i] == attribute.code()) {
                return i;
            }
        }
        return -1;
    }
}
