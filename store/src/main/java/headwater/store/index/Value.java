// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A value of an attribute, where a segment puts what it finds. For one thread. */
final class Value {
    private long number;
    private MemorySegment strings;
    private int length;

    void set(long number) {
        this.number = number;
        this.strings = null;
    }

    /** The value is the bytes of {@code strings} from {@code start} on. */
    void set(MemorySegment strings, long start, int length) {
        this.strings = strings;
        this.number = start;
        this.length = length;
    }

    long number() {
        return number;
    }

    byte[] bytes() {
        return strings.asSlice(number, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
