// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.model.Attribute;
import headwater.store.index.SealedFormat.Section;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The attributes of a sealed segment that is being made, and what finds objects by them. The thread that made it uses it. */
final class AttributeColumns implements AutoCloseable {
    private static final int CODES = 128;

    private final GrowingBytes[] objects = new GrowingBytes[CODES];
    private final GrowingBytes[] values = new GrowingBytes[CODES];
    private final boolean[] unsorted = new boolean[CODES];
    private final long[] last = new long[CODES];
    private final GrowingBytes stringBytes = new GrowingBytes(1 << 10);
    private final StringTable strings = new StringTable(new StringTable.Bytes() {
        @Override
        public MemorySegment bytes() {
            return stringBytes.bytes();
        }

        @Override
        public long append(MemorySegment from, long offset, int length) {
            long at = stringBytes.length();
            stringBytes.put(from, offset, length);
            return at;
        }
    });
    /** Hash in the upper half, object in the lower. */
    private long[] find = new long[16];
    private int finds;
    private long rows;

    long rows() {
        return rows;
    }

    void put(long object, Attribute attribute, long value) {
        int code = attribute.code();
        row(object, code, value);
        if (attribute.indexed()) {
            find(IndexFormat.hash(code, value), object);
        }
    }

    void put(long object, Attribute attribute, MemorySegment bytes, long offset, int length) {
        int code = attribute.code();
        int string = strings.intern(bytes, offset, length);
        row(object, code, string);
        if (attribute.indexed()) {
            find(IndexFormat.stringHash(code, strings.hash(string)), object);
        }
    }

    private void row(long object, int code, long value) {
        if (objects[code] == null) {
            objects[code] = new GrowingBytes(256);
            values[code] = new GrowingBytes(256);
            last[code] = object;
        }
        unsorted[code] |= object < last[code];
        last[code] = object;
        objects[code].putInt((int) object);
        values[code].putLong(value);
        rows++;
    }

    private void find(int hash, long object) {
        if (finds == find.length) {
            find = Arrays.copyOf(find, 2 * finds);
        }
        find[finds++] = ((long) hash << 32 | object) ^ Long.MIN_VALUE;
    }

    void write(SectionWriter to) throws IOException {
        PackedColumnWriter[] packed = new PackedColumnWriter[2 * CODES];
        to.begin(Section.ATTRIBUTE_CODES);
        for (int code = 0; code < CODES; code++) {
            if (objects[code] != null) {
                pack(code, packed);
                to.putInt(code);
                to.putInt(0);
                to.putLong(packed[2 * code].length());
                to.putLong(packed[2 * code + 1].length());
            }
        }
        to.end(Section.ATTRIBUTE_CODES);
        to.begin(Section.ATTRIBUTES);
        for (PackedColumnWriter column : packed) {
            if (column != null) {
                column.writeTo(to);
                column.close();
            }
        }
        to.end(Section.ATTRIBUTES);
        PackedColumnWriter starts = new PackedColumnWriter();
        for (int string = 0; string < strings.count(); string++) {
            starts.put(strings.start(string));
        }
        starts.put(stringBytes.length());
        to.section(Section.STRING_STARTS, starts);
        to.bytes(Section.STRINGS, stringBytes.bytes());
        writeFind(to);
    }

    private void pack(int code, PackedColumnWriter[] packed) {
        PackedColumnWriter ofObjects = new PackedColumnWriter();
        PackedColumnWriter ofValues = new PackedColumnWriter();
        int count = (int) (objects[code].length() / Integer.BYTES);
        if (unsorted[code]) {
            long[] order = new long[count];
            for (int row = 0; row < count; row++) {
                order[row] = ((objects[code].intAt(row) & 0xffffffffL) << 31 | row);
            }
            Arrays.sort(order);
            for (long key : order) {
                ofObjects.put(key >>> 31);
                ofValues.put(values[code].longAt(key & 0x7fffffffL));
            }
        } else {
            for (int row = 0; row < count; row++) {
                ofObjects.put(objects[code].intAt(row) & 0xffffffffL);
                ofValues.put(values[code].longAt(row));
            }
        }
        packed[2 * code] = ofObjects;
        packed[2 * code + 1] = ofValues;
        objects[code].close();
        values[code].close();
        objects[code] = null;
    }

    private void writeFind(SectionWriter to) throws IOException {
        Arrays.sort(find, 0, finds);
        PackedColumnWriter hashes = new PackedColumnWriter();
        PackedColumnWriter found = new PackedColumnWriter();
        for (int i = 0; i < finds; i++) {
            if (i == 0 || find[i] != find[i - 1]) {
                long row = find[i] ^ Long.MIN_VALUE;
                hashes.put(row >>> 32);
                found.put(row & 0xffffffffL);
            }
        }
        to.section(Section.FIND_HASH, hashes);
        to.section(Section.FIND_OBJECT, found);
    }

    @Override
    public void close() {
        for (int code = 0; code < CODES; code++) {
            if (objects[code] != null) {
                objects[code].close();
                values[code].close();
            }
        }
        stringBytes.close();
    }
}
