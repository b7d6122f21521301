// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.model.GraphSink;
import headwater.store.log.LogFormat;
import headwater.store.log.LogRecovery;
import headwater.store.log.LogWriter;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A log that nobody indexes and nobody syncs, whose blocks are made only when this class says so, and timed in parts. Its {@link LogWriter}
 * is the one that recordings have; the parts end where it calls the file that it writes to. CPU time of the calling thread, ns. One thread.
 */
final class LogBlocks implements AutoCloseable {
    /** Where a block says how long its payload was before compression: docs/log-format.md. */
    private static final int PAYLOAD_LENGTH_AT = 80;

    private final Path folder = TemporaryFolder.create();
    private final LogWriter writer;
    private boolean flushing;
    private long numbered;
    private long taken;
    private long writeBegan;
    private long writeEnded;
    private Spent spent = new Spent(0, 0, 0, 0, 0);

    /**
     * What making blocks took.
     *
     * @param compressing the columns put behind each other and compressed, with the header and its checksum, ns
     * @param writing the block into the page cache, ns
     * @param chaining its hash, and emptying the columns for the next, ns
     * @param payloadBytes columns, before compression
     * @param blockBytes as written
     */
    record Spent(long compressing, long writing, long chaining, long payloadBytes, long blockBytes) {
        long ns() {
            return compressing + writing + chaining;
        }
    }

    LogBlocks() throws IOException {
        Path log = Files.createDirectory(folder.resolve("log"));
        SegmentFile.Opener opener = (path, create) -> new TimedFile(SegmentFile.Opener.FILES.open(path, create));
        flushing = true;
        writer = new LogWriter(LogRecovery.open(log, opener, LogFormat.SEGMENT_BYTES, System.currentTimeMillis()));
        flushing = false;
    }

    /** Takes events, into columns only. */
    GraphSink sink() {
        return writer;
    }

    /** Is told after each drain, and makes a block if another drain like it would not fit. */
    void drained() {
        long now = writer.nextNode() + writer.nextEdge();
        long events = now - numbered;
        numbered = now;
        taken += events;
        if (taken + events >= LogFormat.BLOCK_EVENTS) {
            flush();
        }
    }

    /** Makes a block of what was taken, and returns what all blocks took since it was asked last. */
    Spent take() {
        flush();
        Spent all = spent;
        spent = new Spent(0, 0, 0, 0, 0);
        return all;
    }

    private void flush() {
        if (!writer.pending()) {
            return;
        }
        taken = 0;
        flushing = true;
        long began = Meter.cpuNs();
        writer.flush();
        long ended = Meter.cpuNs();
        flushing = false;
        spent = new Spent(spent.compressing + writeBegan - began, spent.writing + writeEnded - writeBegan, spent.chaining + ended - writeEnded,
                spent.payloadBytes, spent.blockBytes);
    }

    @Override
    public void close() throws IOException {
        flush();
        writer.close();
        TemporaryFolder.delete(folder);
    }

    /** Notes when it is written to. */
    private final class TimedFile implements SegmentFile {
        private final SegmentFile file;

        TimedFile(SegmentFile file) {
            this.file = file;
        }

        @Override
        public void write(ByteBuffer bytes, long position) throws IOException {
            if (!flushing) {
                throw new IllegalStateException("a block was made while its columns were timed: events=" + taken);
            }
            writeBegan = Meter.cpuNs();
            long length = bytes.remaining();
            // The head of the segment stands at 0; it is no block.
            long payload = position == 0 ? 0 : bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.position() + PAYLOAD_LENGTH_AT);
            file.write(bytes, position);
            writeEnded = Meter.cpuNs();
            if (position > 0) {
                spent = new Spent(spent.compressing, spent.writing, spent.chaining, spent.payloadBytes + payload, spent.blockBytes + length);
            }
        }

        @Override
        public void truncate(long length) throws IOException {
            file.truncate(length);
        }

        @Override
        public void force(boolean metadata) throws IOException {
            file.force(metadata);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
