// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.nio.charset.StandardCharsets;

/** Reads what {@link ColumnBuffer} wrote, from a range of an array, and never beyond it. For one thread. */
public final class ColumnCursor {
    private byte[] bytes = new byte[0];
    private int at;
    private int limit;

    /** Stands before the first byte of the range. */
    public void reset(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.limit = from + length;
    }

    /** Index of the next byte in the array. */
    public int at() {
        return at;
    }

    public int remaining() {
        return limit - at;
    }

    public int takeByte() throws MalformedPayloadException {
        if (at >= limit) {
            throw new MalformedPayloadException("column ends early");
        }
        return bytes[at++] & 0xff;
    }

    public long takeVar() throws MalformedPayloadException {
        long value = 0;
        int index = at;
        for (int shift = 0; shift < 70; shift += 7) {
            if (index >= limit) {
                throw new MalformedPayloadException("column ends early");
            }
            byte next = bytes[index++];
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                at = index;
                return value;
            }
        }
        throw new MalformedPayloadException("number longer than 10 bytes");
    }

    public long takeSigned() throws MalformedPayloadException {
        long value = takeVar();
        return value >>> 1 ^ -(value & 1);
    }

    /** A signed number that fits in an int. */
    public int takeInt() throws MalformedPayloadException {
        long value = takeSigned();
        if (value != (int) value) {
            throw new MalformedPayloadException("number out of range: value=" + value);
        }
        return (int) value;
    }

    /** Passes over {@code length} bytes and says where they start. */
    public int takeBytes(long length) throws MalformedPayloadException {
        if (length < 0 || length > remaining()) {
            throw new MalformedPayloadException("length out of range: length=" + length + ", remaining=" + remaining());
        }
        int start = at;
        at += (int) length;
        return start;
    }

    public String takeText() throws MalformedPayloadException {
        long length = takeVar();
        int start = takeBytes(length);
        return new String(bytes, start, (int) length, StandardCharsets.UTF_8);
    }
}
