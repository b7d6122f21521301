// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.log.LogPosition;
import headwater.store.log.MappedFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.zip.CRC32C;

/** The file of a hot segment: made by the store's writer, and read by others as long as that lives. */
final class HotFile {
    private HotFile() {
    }

    /** Makes a file for a hot segment that starts at {@code start} and is complete after some {@code limit} events. */
    static HotTables create(Path directory, UUID store, LogPosition start, int limit, WriterProcess writer) throws IOException {
        Path path = directory.resolve(IndexFormat.hotName(start));
        Files.deleteIfExists(path);
        HotTables hot = HotTables.create(path, capacity(limit));
        MemorySegment to = hot.header;
        to.set(IndexFormat.INT, HotFormat.VERSION_AT, HotFormat.VERSION);
        to.set(IndexFormat.INT, HotFormat.STATE_AT, HotFormat.STATE_WRITTEN);
        to.set(IndexFormat.LONG, HotFormat.STORE_AT, store.getMostSignificantBits());
        to.set(IndexFormat.LONG, HotFormat.STORE_AT + 8, store.getLeastSignificantBits());
        IndexFormat.putPosition(to, HotFormat.START_AT, start);
        to.set(IndexFormat.LONG, HotFormat.BOOT_AT, writer.boot().getMostSignificantBits());
        to.set(IndexFormat.LONG, HotFormat.BOOT_AT + 8, writer.boot().getLeastSignificantBits());
        to.set(IndexFormat.LONG, HotFormat.PID_AT, writer.pid());
        to.set(IndexFormat.LONG, HotFormat.STARTED_AT, writer.started());
        to.set(IndexFormat.INT, HotFormat.LIMIT_AT, limit);
        to.set(IndexFormat.INT, HotFormat.CRC_AT, crc(to));
        HotFormat.COUNTER.setRelease(to, (long) HotFormat.MAGIC_AT, HotFormat.MAGIC);
        return hot;
    }

    static void setState(HotTables hot, int state) {
        HotFormat.LINK.setRelease(hot.header, (long) HotFormat.STATE_AT, state);
    }

    /** A hot segment as it is now, and whether more will come. */
    record Opened(HotSegment segment, boolean complete) {
    }

    /**
     * Maps a hot segment and takes its newest snapshot.
     *
     * @return null if it cannot be believed: its writer is gone, or has given it up, or it is not of this store or version
     */
    static Opened open(Path path, UUID store, Arena arena) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size < HotFormat.HEADER_BYTES + HotFormat.SNAPSHOTS * HotFormat.SNAPSHOT_BYTES) {
                return null;
            }
            MemorySegment file = MappedFile.map(channel, FileChannel.MapMode.READ_ONLY, size, path, arena);
            if ((long) HotFormat.COUNTER.getAcquire(file, (long) HotFormat.MAGIC_AT) != HotFormat.MAGIC
                    || file.get(IndexFormat.INT, HotFormat.VERSION_AT) != HotFormat.VERSION
                    || file.get(IndexFormat.INT, HotFormat.CRC_AT) != crc(file)
                    || file.get(IndexFormat.LONG, HotFormat.STORE_AT) != store.getMostSignificantBits()
                    || file.get(IndexFormat.LONG, HotFormat.STORE_AT + 8) != store.getLeastSignificantBits()) {
                return null;
            }
            int state = (int) HotFormat.LINK.getAcquire(file, (long) HotFormat.STATE_AT);
            long[] offsets = HotTables.offsets(capacity(file.get(IndexFormat.INT, HotFormat.LIMIT_AT)));
            if (state == HotFormat.STATE_GIVEN_UP || !writer(file).lives() || offsets[offsets.length - 1] > size) {
                return null;
            }
            MemorySegment[] tables = new MemorySegment[offsets.length - 1];
            for (int i = 0; i < tables.length; i++) {
                tables[i] = file.asSlice(offsets[i], offsets[i + 1] - offsets[i]);
            }
            HotSegment segment = HotSegment.newest(file.asSlice(0, offsets[0]), tables);
            return segment == null ? null : new Opened(segment, state == HotFormat.STATE_COMPLETE);
        }
    }

    private static WriterProcess writer(MemorySegment header) {
        UUID boot = new UUID(header.get(IndexFormat.LONG, HotFormat.BOOT_AT), header.get(IndexFormat.LONG, HotFormat.BOOT_AT + 8));
        return new WriterProcess(boot, header.get(IndexFormat.LONG, HotFormat.PID_AT), header.get(IndexFormat.LONG, HotFormat.STARTED_AT));
    }

    /** A segment is complete at the end of a block, and a block may be as long as the log lets it become. */
    private static long capacity(int limit) {
        return limit + headwater.store.log.LogFormat.MAX_BLOCK_EVENTS + 1024L;
    }

    private static int crc(MemorySegment header) {
        CRC32C crc = new CRC32C();
        crc.update(header.asSlice(HotFormat.VERSION_AT, 4).asByteBuffer());
        crc.update(header.asSlice(HotFormat.STORE_AT, HotFormat.CRC_AT - HotFormat.STORE_AT).asByteBuffer());
        return (int) crc.getValue();
    }
}
