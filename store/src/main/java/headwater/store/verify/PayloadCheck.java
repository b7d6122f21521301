// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import com.github.luben.zstd.Zstd;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Checks the payload of a block against the grammar of docs/log-format.md, and what its header says of it. */
final class PayloadCheck {
    private static final int COLUMNS = 18;
    private static final int DIRECTORY = 4 + 4 * COLUMNS;
    private static final int KIND = 0;
    private static final int TIME = 1;
    private static final int OTHER = 17;
    private static final long MAX_STRING = 1 << 20;

    /** The payload does not follow the grammar. The message says where. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message);
        }
    }

    private final byte[] payload;
    private final int[] at = new int[COLUMNS];
    private final int[] end = new int[COLUMNS];
    private final int version;
    private long nodes;
    private long edges;
    private long objects;
    private long strings;
    private long time;
    private long task = -1;
    private long lowest = Long.MAX_VALUE;
    private long highest = Long.MIN_VALUE;
    private boolean open;

    /** Checks the block in {@code block}, whose header is {@code head}; {@code open}: a session is open before it. */
    static void check(BlockHead head, byte[] block, boolean open) throws Malformed {
        byte[] payload = new byte[head.rawLength()];
        if (head.codec() == 0) {
            System.arraycopy(block, BlockHead.LENGTH, payload, 0, payload.length);
        } else {
            long is = Zstd.decompressByteArray(payload, 0, payload.length, block, BlockHead.LENGTH, head.storedLength());
            require(is == payload.length, "it cannot be unpacked, or has another length than the header says");
            require(Zstd.findFrameCompressedSize(block, BlockHead.LENGTH, head.storedLength()) == head.storedLength(),
                    "something stands after the compressed frame");
        }
        new PayloadCheck(head, payload, open).run(head);
    }

    private PayloadCheck(BlockHead head, byte[] payload, boolean open) throws Malformed {
        this.payload = payload;
        this.version = head.version();
        this.open = open;
        nodes = head.firstNode();
        edges = head.firstEdge();
        objects = head.firstObject();
        ByteBuffer directory = ByteBuffer.wrap(payload, 0, DIRECTORY).order(ByteOrder.LITTLE_ENDIAN);
        require(directory.getInt() == COLUMNS, "another number of columns");
        int from = DIRECTORY;
        for (int i = 0; i < COLUMNS; i++) {
            int length = directory.getInt();
            require(length >= 0 && length <= payload.length - from, "a column is longer than the payload");
            at[i] = from;
            from += length;
            end[i] = from;
        }
        require(from == payload.length, "something stands after the last column");
    }

    private void run(BlockHead head) throws Malformed {
        require(end[KIND] - at[KIND] == head.events(), "another number of events than the header says");
        while (at[KIND] < end[KIND]) {
            event(takeByte(KIND));
        }
        for (int i = 0; i < COLUMNS; i++) {
            require(at[i] == end[i], "column " + i + " has more than the events take");
        }
        require(nodes == head.firstNode() + head.nodes() && edges == head.firstEdge() + head.edges()
                && objects == head.firstObject() + head.objects(), "other numbers of nodes, edges or objects than the header says");
        require(lowest == head.lowestNs() && highest == head.highestNs(), "other times than the header says");
        // A session whose writer was killed ends without an event.
        require(open == head.sessionOpen() || open && !head.sessionOpen(), "a session is open that was not started");
    }

    private void event(int kind) throws Malformed {
        if (kind == 8) {
            gap();
            return;
        }
        time += takeSigned(TIME);
        lowest = Math.min(lowest, time);
        highest = Math.max(highest, time);
        switch (kind) {
            case 1 -> sessionStart();
            case 2 -> open = false;
            case 3, 4 -> node(kind == 3);
            case 5 -> edge();
            case 6, 7 -> attribute(kind == 7);
            default -> throw new Malformed("an event of no known kind: kind=" + kind);
        }
    }

    private void sessionStart() throws Malformed {
        open = true;
        takeSigned(OTHER);
        takeText();
        takeSigned(OTHER);
        takeSigned(OTHER);
        takeText();
        takeText();
        takeText();
        takeSigned(OTHER);
        if (version >= 2) {
            takeText();
        }
    }

    private void gap() throws Malformed {
        takeVar(OTHER);
        takeSigned(OTHER);
        long from = takeSigned(OTHER);
        long to = from + takeSigned(OTHER);
        takeSigned(OTHER);
        if (version >= 2) {
            takeVar(OTHER);
        }
        lowest = Math.min(lowest, from);
        highest = Math.max(highest, to);
    }

    private void node(boolean first) throws Malformed {
        takeByte(2);
        if (first) {
            objects++;
        } else {
            back(objects, takeVar(3), objects);
        }
        require(takeVar(4) >>> 31 == 0, "a version out of range");
        nodes++;
    }

    private void edge() throws Malformed {
        takeByte(5);
        back(nodes - 1, takeVar(6), nodes);
        back(nodes - 1, takeVar(7), nodes);
        long code = takeVar(8);
        if (code == 0) {
            task = -1;
        } else if (code != 1) {
            task = back(nodes - 1, code - 2, nodes);
        }
        require(task < nodes, "a task that is not there yet");
        takeVar(9);
        takeVar(10);
        edges++;
    }

    private void attribute(boolean text) throws Malformed {
        back(objects - 1, takeVar(11), objects);
        takeByte(12);
        if (!text) {
            takeSigned(13);
            return;
        }
        long reference = takeVar(14);
        if (reference != 0) {
            back(strings, reference, strings);
            return;
        }
        long length = takeVar(15);
        require(length >= 0 && length <= MAX_STRING, "a string that is too long");
        skip(16, length);
        strings++;
    }

    /** A reference to something before; {@code bound}: how many there are. */
    private static long back(long from, long distance, long bound) throws Malformed {
        long number = from - distance;
        require(distance >= 0 && number >= 0 && number < bound, "a reference to what is not there");
        return number;
    }

    private int takeByte(int column) throws Malformed {
        require(at[column] < end[column], "column " + column + " ends early");
        return payload[at[column]++] & 0xff;
    }

    private long takeVar(int column) throws Malformed {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = takeByte(column);
            value |= (next & 0x7fL) << shift;
            if (next < 0x80) {
                return value;
            }
        }
        throw new Malformed("a number of more than 10 bytes in column " + column);
    }

    private long takeSigned(int column) throws Malformed {
        long value = takeVar(column);
        return value >>> 1 ^ -(value & 1);
    }

    private void takeText() throws Malformed {
        skip(OTHER, takeVar(OTHER));
    }

    private void skip(int column, long length) throws Malformed {
        require(length >= 0 && length <= end[column] - at[column], "column " + column + " ends early");
        at[column] += (int) length;
    }

    private static void require(boolean holds, String otherwise) throws Malformed {
        if (!holds) {
            throw new Malformed(otherwise);
        }
    }
}
