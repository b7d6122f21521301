// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import headwater.store.log.LogPosition;
import headwater.store.log.MalformedPayloadException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * Which sealed segments make up the index, oldest first. The file is replaced as a whole.
 *
 * <pre>
 * Manifest --> magic "HWMANIFE", format version u32, entries u32, store id u64{2}, Entry*, CRC32C u32 of the bytes before
 * Entry    --> Position where it starts, Position where it ends, rows u64, length u64, changed i64
 *
 * rows:     nodes, edges and values of attributes
 * changed:  the segment's ctime when all its checksums were right, ns since the Unix epoch: as long as the file has this ctime and
 *           length nobody has written to it, and opening need not read all of it
 * </pre>
 */
record Manifest(UUID store, List<Entry> entries) {
    private static final long MAGIC = 0x4546494e414d5748L;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 32;
    private static final int ENTRY_BYTES = 2 * IndexFormat.POSITION_BYTES + 24;

    /** One sealed segment. */
    record Entry(LogPosition start, LogPosition end, long rows, long bytes, long changedNs) {
        Path path(Path directory) {
            return directory.resolve(IndexFormat.sealedName(start, end));
        }

        /** The entry of a file that was just written or checked. */
        static Entry of(Path directory, LogPosition start, LogPosition end, long rows) throws IOException {
            Path path = directory.resolve(IndexFormat.sealedName(start, end));
            return new Entry(start, end, rows, Files.size(path), changed(path));
        }

        /** True if nobody has written to the file since it was checked. */
        boolean isUnchanged(Path directory) throws IOException {
            Path path = path(directory);
            return Files.size(path) == bytes && changed(path) == changedNs;
        }

        private static long changed(Path path) throws IOException {
            return ((FileTime) Files.getAttribute(path, "unix:ctime")).to(TimeUnit.NANOSECONDS);
        }
    }

    /** An index of nothing. */
    static Manifest empty(UUID store) {
        return new Manifest(store, List.of());
    }

    /**
     * Reads the manifest; an empty one if there is none.
     *
     * @throws MalformedPayloadException if it is damaged or of another store
     */
    static Manifest read(Path directory, UUID store) throws IOException, MalformedPayloadException {
        Path path = directory.resolve(IndexFormat.MANIFEST_NAME);
        if (Files.notExists(path)) {
            return empty(store);
        }
        byte[] bytes = Files.readAllBytes(path);
        MemorySegment from = MemorySegment.ofArray(bytes);
        int entries = (bytes.length - HEADER_BYTES - 4) / ENTRY_BYTES;
        if (bytes.length < HEADER_BYTES + 4 || bytes.length != HEADER_BYTES + 4 + entries * ENTRY_BYTES
                || from.get(IndexFormat.LONG, 0) != MAGIC || from.get(IndexFormat.INT, 8) != VERSION
                || from.get(IndexFormat.INT, 12) != entries || from.get(IndexFormat.INT, bytes.length - 4) != crc(bytes)) {
            throw new MalformedPayloadException("not a manifest of this version, or damaged: bytes=" + bytes.length);
        }
        if (!store.equals(new UUID(from.get(IndexFormat.LONG, 16), from.get(IndexFormat.LONG, 24)))) {
            throw new MalformedPayloadException("manifest of another store");
        }
        List<Entry> read = new ArrayList<>(entries);
        for (int i = 0; i < entries; i++) {
            long at = HEADER_BYTES + (long) i * ENTRY_BYTES;
            long rest = at + 2 * IndexFormat.POSITION_BYTES;
            read.add(new Entry(IndexFormat.position(from, at), IndexFormat.position(from, at + IndexFormat.POSITION_BYTES),
                    from.get(IndexFormat.LONG, rest), from.get(IndexFormat.LONG, rest + 8), from.get(IndexFormat.LONG, rest + 16)));
        }
        return new Manifest(store, List.copyOf(read));
    }

    /** Puts this manifest in the place of the one before, durably. */
    void write(Path directory) throws IOException {
        byte[] bytes = new byte[HEADER_BYTES + 4 + entries.size() * ENTRY_BYTES];
        MemorySegment to = MemorySegment.ofArray(bytes);
        to.set(IndexFormat.LONG, 0, MAGIC);
        to.set(IndexFormat.INT, 8, VERSION);
        to.set(IndexFormat.INT, 12, entries.size());
        to.set(IndexFormat.LONG, 16, store.getMostSignificantBits());
        to.set(IndexFormat.LONG, 24, store.getLeastSignificantBits());
        long at = HEADER_BYTES;
        for (Entry entry : entries) {
            IndexFormat.putPosition(to, at, entry.start);
            IndexFormat.putPosition(to, at + IndexFormat.POSITION_BYTES, entry.end);
            to.set(IndexFormat.LONG, at + 2 * IndexFormat.POSITION_BYTES, entry.rows);
            to.set(IndexFormat.LONG, at + 2 * IndexFormat.POSITION_BYTES + 8, entry.bytes);
            to.set(IndexFormat.LONG, at + 2 * IndexFormat.POSITION_BYTES + 16, entry.changedNs);
            at += ENTRY_BYTES;
        }
        to.set(IndexFormat.INT, at, crc(bytes));
        Path unfinished = Files.createTempFile(directory, "new-", IndexFormat.UNFINISHED_SUFFIX,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try {
            try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(unfinished, directory.resolve(IndexFormat.MANIFEST_NAME), StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        return (int) crc.getValue();
    }
}
