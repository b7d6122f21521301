// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.store.StoreDamagedException;
import headwater.store.StoreVersionException;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Walks the blocks of one segment, checking each. Reads with read(2), never by mapping: a writer beside us may cut the
 * file, and a mapping would then kill the process. For one thread.
 */
final class SegmentReader implements Closeable {
    private final Path path;
    private final int segment;
    private final FileChannel channel;
    private final long size;
    private final byte[] headerBytes = new byte[SegmentHeader.LENGTH_BYTES];
    private byte[] block = new byte[1 << 16];
    private BlockHeader header;
    private BlockHash hash;
    private String fault;

    /** Opens segment {@code segment} of a log directory; what is appended from now on is not seen. */
    SegmentReader(Path directory, int segment) {
        this.path = directory.resolve(LogFormat.segmentName(segment));
        this.segment = segment;
        try {
            channel = FileChannel.open(path, StandardOpenOption.READ);
            size = channel.size();
        } catch (IOException e) {
            throw new UncheckedIOException("segment cannot be read: file=" + path + ", cause=" + e, e);
        }
    }

    Path path() {
        return path;
    }

    long size() {
        return size;
    }

    /**
     * The header, or null if it is {@link #fault faulty}.
     *
     * @throws StoreVersionException if a newer Headwater wrote it
     */
    SegmentHeader segmentHeader() {
        if (size < SegmentHeader.LENGTH_BYTES) {
            fault = "segment header is incomplete: size=" + size;
            return null;
        }
        read(headerBytes, 0, SegmentHeader.LENGTH_BYTES, 0);
        int version = SegmentHeader.version(headerBytes);
        if (Integer.compareUnsigned(version, LogFormat.VERSION) > 0) {
            throw new StoreVersionException(path, version, LogFormat.VERSION);
        }
        fault = SegmentHeader.fault(headerBytes, segment);
        return fault == null ? SegmentHeader.of(headerBytes) : null;
    }

    /** The version of a segment whose {@link #segmentHeader} was read. */
    int version() {
        return SegmentHeader.version(headerBytes);
    }

    /**
     * Reads the block at {@code at}.
     *
     * @return true if a whole and right one stands there; false at the end of the segment, or if there is a
     *         {@link #fault}
     */
    boolean read(LogPosition at) {
        fault = null;
        if (at.offset() == size) {
            return false;
        }
        if (!readAt(at.offset())) {
            return false;
        }
        fault = header.misfit(at);
        if (fault != null) {
            return false;
        }
        hash = BlockHash.of(block, 0, BlockHeader.LENGTH_BYTES + header.storedLength());
        return true;
    }

    /** What is wrong where {@link #read} or {@link #segmentHeader} last looked, null if nothing is. */
    String fault() {
        return fault;
    }

    /** The block that was read: header, then stored payload. Overwritten by the next read. */
    byte[] block() {
        return block;
    }

    BlockHeader header() {
        return header;
    }

    BlockHash hash() {
        return hash;
    }

    /**
     * Tells a torn tail from damage: is there a whole block, of a number not below {@code block}, somewhere after
     * {@code offset}?
     */
    boolean anyBlockAfter(long offset, long block) {
        byte[] window = new byte[1 << 20];
        long at = offset + 1;
        while (at + BlockHeader.LENGTH_BYTES < size) {
            int length = (int) Math.min(window.length, size - at);
            read(window, 0, length, at);
            for (int i = 0; i + 4 <= length; i++) {
                if (window[i] == 'H' && window[i + 1] == 'W' && window[i + 2] == 'B' && window[i + 3] == 'K'
                        && readAt(at + i) && header.block() >= block) {
                    return true;
                }
            }
            at += length == window.length ? length - 3 : length;
        }
        return false;
    }

    /** True if the block before {@code position} stands in this segment, ends there, and has its hash. */
    boolean endsBlock(LogPosition position) {
        if (position.before() < SegmentHeader.LENGTH_BYTES || !readAt(position.before())) {
            return false;
        }
        int length = BlockHeader.LENGTH_BYTES + header.storedLength();
        return position.before() + length == position.offset() && header.block() == position.block() - 1
                && BlockHash.of(block, 0, length).equals(position.hash());
    }

    /** The error for damage at {@code at}. */
    StoreDamagedException damaged(LogPosition at, String what) {
        return new StoreDamagedException(path, at.offset(), at.block(), what);
    }

    /** Reads a block that is whole in itself at any offset. */
    private boolean readAt(long offset) {
        if (size - offset < BlockHeader.LENGTH_BYTES) {
            fault = "block is incomplete: bytes=" + (size - offset);
            return false;
        }
        read(block, 0, BlockHeader.LENGTH_BYTES, offset);
        header = BlockHeader.of(block);
        fault = header.fault(block);
        if (fault != null) {
            return false;
        }
        int length = BlockHeader.LENGTH_BYTES + header.storedLength();
        if (size - offset < length) {
            fault = "block is incomplete: bytes=" + (size - offset) + ", want=" + length;
            return false;
        }
        if (block.length < length) {
            block = Arrays.copyOf(block, Math.max(length, 2 * block.length));
        }
        read(block, BlockHeader.LENGTH_BYTES, header.storedLength(), offset + BlockHeader.LENGTH_BYTES);
        fault = header.checksumHolds(block) ? null : "checksum of the block is wrong";
        return fault == null;
    }

    private void read(byte[] to, int from, int length, long offset) {
        ByteBuffer buffer = ByteBuffer.wrap(to, from, length);
        try {
            while (buffer.hasRemaining()) {
                int count = channel.read(buffer, offset + buffer.position() - from);
                if (count < 0) {
                    // A writer cut its torn block while we read: what we have will not pass its checksum.
                    Arrays.fill(to, buffer.position(), from + length, (byte) 0);
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("segment cannot be read: file=" + path + ", offset=" + offset + ", cause="
                    + e, e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
