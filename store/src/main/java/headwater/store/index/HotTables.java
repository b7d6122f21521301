// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.index.HotFormat.Table;
import headwater.store.log.MappedFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The memory of a hot segment: a mapped file, or tables that grow outside the heap. One thread writes; readers of a file have a mapping
 * of their own.
 */
final class HotTables implements AutoCloseable {
    private static final int FIRST_STEP_BYTES = 1 << 14;
    private static final int LARGEST_STEP_BYTES = 1 << 20;
    private static final long PAGE_BYTES = 4096;

    /**
     * All memory, for the writer: a store through it costs no check of bounds, life and alignment, which took a third of the time of an
     * event. So whoever stores must have {@link #reserve}d the place, and have seen that numbers from outside are in the tables.
     */
    static final MemorySegment MEMORY = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /** Header and snapshots. */
    final MemorySegment header;
    final MemorySegment[] tables = new MemorySegment[Table.COUNT];
    /** Bytes of each table that may be stored to. */
    final long[] reserved = new long[Table.COUNT];
    /** Where each table is in {@link #MEMORY}; another place after a {@link #reserve}. */
    final long[] addresses = new long[Table.COUNT];
    private final Arena arena;
    private final FileChannel channel;
    private final Path path;
    private final long[] offsets = new long[Table.COUNT];
    private final ByteBuffer zeros;

    private HotTables(MemorySegment header, Arena arena, FileChannel channel, Path path) {
        this.header = header;
        this.arena = arena;
        this.channel = channel;
        this.path = path;
        this.zeros = channel == null ? null : ByteBuffer.allocateDirect(LARGEST_STEP_BYTES);
    }

    /** Tables in memory, which is let go with the last reference. */
    static HotTables inMemory() {
        MemorySegment header = Arena.ofAuto().allocate(HotFormat.HEADER_BYTES
                + (long) HotFormat.SNAPSHOTS * HotFormat.SNAPSHOT_BYTES, 4096);
        HotTables hot = new HotTables(header, null, null, null);
        for (int i = 0; i < Table.COUNT; i++) {
            hot.tables[i] = Arena.ofAuto().allocate(256, 8);
            hot.addresses[i] = hot.tables[i].address();
            hot.reserved[i] = 256;
        }
        return hot;
    }

    /** Makes a file for up to {@code events} events. */
    static HotTables create(Path path, long events) throws IOException {
        FileChannel channel = FileChannel.open(path, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE,
                StandardOpenOption.CREATE_NEW),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Arena arena = Arena.ofShared();
        try {
            long[] offsets = offsets(events);
            MemorySegment file = MappedFile.map(channel, FileChannel.MapMode.READ_WRITE, offsets[Table.COUNT], path, arena);
            HotTables hot = new HotTables(file.asSlice(0, offsets[0]), arena, channel, path);
            hot.reserveFile(0, offsets[0]);
            for (int i = 0; i < Table.COUNT; i++) {
                hot.offsets[i] = offsets[i];
                hot.tables[i] = file.asSlice(offsets[i], offsets[i + 1] - offsets[i]);
                hot.addresses[i] = hot.tables[i].address();
                hot.header.set(IndexFormat.LONG, HotFormat.TABLE_AT + 8L * i, offsets[i]);
            }
            return hot;
        } catch (IOException | RuntimeException e) {
            arena.close();
            channel.close();
            throw e;
        }
    }

    /** Where each table starts in a file for so many events, and where the last ends. */
    static long[] offsets(long events) {
        long[] offsets = new long[Table.COUNT + 1];
        long at = HotFormat.HEADER_BYTES + (long) HotFormat.SNAPSHOTS * HotFormat.SNAPSHOT_BYTES;
        for (Table table : Table.values()) {
            offsets[table.ordinal()] = at;
            at += table.most(events) + 8191 & ~4095L;
        }
        offsets[Table.COUNT] = at;
        return offsets;
    }

    /**
     * Makes the first {@code bytes} of a table fit to be stored to.
     *
     * @throws UncheckedIOException if the disk has no room: found out here, as a store into a hole would kill the process
     */
    void reserve(int table, long bytes) {
        long step = Math.clamp(reserved[table], FIRST_STEP_BYTES, LARGEST_STEP_BYTES);
        long want = Math.max(bytes, reserved[table] + step);
        if (channel == null) {
            MemorySegment larger = Arena.ofAuto().allocate(Math.max(want, 2 * reserved[table]), 8);
            MemorySegment.copy(tables[table], 0, larger, 0, reserved[table]);
            tables[table] = larger;
            addresses[table] = larger.address();
            reserved[table] = larger.byteSize();
            return;
        }
        want = Math.min(want + PAGE_BYTES - 1 & -PAGE_BYTES, tables[table].byteSize());
        if (want < bytes) {
            throw new UncheckedIOException(new IOException("hot segment is full: file=" + path + ", table=" + Table.values()[table]
                    + ", bytes=" + bytes));
        }
        try {
            // At once, and not by a fault for each page, nor by writing zeros, if the kernel can.
            if (!MappedAdvice.populate(tables[table].asSlice(reserved[table], want - reserved[table]))) {
                reserveFile(offsets[table] + reserved[table], offsets[table] + want);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("hot segment cannot grow: file=" + path + ", cause=" + e, e);
        }
        reserved[table] = want;
    }

    private void reserveFile(long from, long to) throws IOException {
        for (long at = from; at < to;) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), to - at));
            at += channel.write(zeros, at);
        }
    }

    Path path() {
        return path;
    }

    /** Lets go of a file's mapping; tables in memory stay as long as anyone has them. */
    @Override
    public void close() {
        if (arena != null && arena.scope().isAlive()) {
            arena.close();
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
