// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The head of a block, 192 bytes; docs/log-format.md has the table. */
record BlockHead(int magic, int version, int codec, int flags, int lane, long block, int events, int nodes, int edges, int objects,
        long firstNode, long firstEdge, long firstObject, long lowestNs, long highestNs, int rawLength, int storedLength,
        String previous, boolean reservedIsZero, int crc) {
    static final int LENGTH = 192;
    /** The newest format that is known here. */
    static final int NEWEST = 3;

    private static final int MAX_PAYLOAD = 68 << 20;
    private static final int CRC_AT = 188;

    static BlockHead of(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes, 0, LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        boolean zero = bytes[7] == 0;
        for (int i = 120; i < CRC_AT; i++) {
            zero &= bytes[i] == 0;
        }
        return new BlockHead(in.getInt(0), in.getShort(4) & 0xffff, bytes[6] & 0xff, in.getInt(8), in.getInt(12), in.getLong(16),
                in.getInt(24), in.getInt(28), in.getInt(32), in.getInt(36), in.getLong(40), in.getLong(48), in.getLong(56),
                in.getLong(64), in.getLong(72), in.getInt(80), in.getInt(84), HexFormat.of().formatHex(bytes, 88, 120), zero,
                in.getInt(CRC_AT));
    }

    boolean sessionOpen() {
        return flags == 1;
    }

    /** Why it cannot be a block's, null if it can; then its lengths can be trusted to be possible. */
    String fault() {
        if (magic != 0x4b425748) {
            return "no block begins here";
        }
        if (version < 1 || version > NEWEST || codec > 1 || flags >>> 1 != 0 || lane != 0 || !reservedIsZero) {
            return "the block's head has values that no block has: format=" + version + ", codec=" + codec + ", flags=" + flags;
        }
        if (rawLength < 76 || rawLength > MAX_PAYLOAD || storedLength < 1 || storedLength > rawLength
                || codec == 0 && storedLength != rawLength || events < 1 || nodes < 0 || edges < 0 || objects < 0 || objects > nodes) {
            return "the block's head has impossible lengths or counts";
        }
        return null;
    }

    /** True if a whole block has the checksum that its head says. */
    boolean checksumHolds(byte[] block) {
        CRC32C is = new CRC32C();
        is.update(block, 0, CRC_AT);
        is.update(block, LENGTH, storedLength);
        return (int) is.getValue() == crc;
    }
}
