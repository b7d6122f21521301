// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/** The SHA-256 of a block: a link of the log's chain. Immutable. */
public final class BlockHash {
    public static final int LENGTH_BYTES = 32;

    private final byte[] bytes;

    private BlockHash(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What the first block of the store {@code id} holds as the hash before it. */
    public static BlockHash root(UUID id) {
        byte[] bytes = new byte[16];
        ByteBuffer.wrap(bytes).putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
        return of(bytes, 0, bytes.length);
    }

    static BlockHash of(byte[] block, int offset, int length) {
        MessageDigest digest = sha256();
        digest.update(block, offset, length);
        return new BlockHash(digest.digest());
    }

    /**
     * The hash that {@link #toString} wrote.
     *
     * @throws IllegalArgumentException if {@code text} is not the hexadecimal text of one
     */
    public static BlockHash parse(String text) {
        byte[] bytes = HexFormat.of().parseHex(text);
        if (bytes.length != LENGTH_BYTES) {
            throw new IllegalArgumentException("block hash: bytes=" + bytes.length + ", want=" + LENGTH_BYTES);
        }
        return new BlockHash(bytes);
    }

    /** The hash that stands at {@code offset} of {@code from}. */
    public static BlockHash read(MemorySegment from, long offset) {
        byte[] bytes = new byte[LENGTH_BYTES];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, offset, bytes, 0, LENGTH_BYTES);
        return new BlockHash(bytes);
    }

    public void write(MemorySegment to, long offset) {
        MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, offset, LENGTH_BYTES);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockHash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Hexadecimal. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
