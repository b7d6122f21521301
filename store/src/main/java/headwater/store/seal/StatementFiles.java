// SPDX-License-Identifier: Apache-2.0
package headwater.store.seal;

import headwater.store.StoreDamagedException;
import headwater.store.keys.MalformedLineException;
import headwater.store.keys.SignedLine;
import headwater.store.log.LogRecovery;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files {@code log/NNNNNNNN.hwseal}: beside each segment the statements of its blocks, one {@link Statement} a line.
 * A statement is on the disk before the next is written. For one thread.
 */
public final class StatementFiles {
    private static final String SUFFIX = ".hwseal";
    /** Two lines and a half at least. */
    private static final int END_BYTES = 3 * (SignedLine.MAX_BYTES + 1);

    private final Path directory;
    private final SegmentFile.Opener opener;
    private Statement last;
    private int segment;
    private long length;

    private StatementFiles(Path directory, SegmentFile.Opener opener) {
        this.directory = directory;
        this.opener = opener;
    }

    /** The name of the file beside segment {@code number}. */
    public static String name(int number) {
        return String.format("%08d%s", number, SUFFIX);
    }

    /**
     * Opens the files of a log for appending. A line at the end that is not whole is put aside, as the tail of a log is.
     *
     * @throws StoreDamagedException if the end of the newest is not what a crash leaves
     */
    static StatementFiles open(Path directory, SegmentFile.Opener opener, long nowMs) throws IOException {
        StatementFiles files = new StatementFiles(directory, opener);
        for (Path path : list(directory).reversed()) {
            int number = number(path);
            End end = End.of(path);
            if (end.keepBytes < end.sizeBytes) {
                LogRecovery.cut(path, end.keepBytes, opener, nowMs);
            }
            if (files.segment == 0) {
                files.segment = number;
                files.length = end.keepBytes;
            }
            if (end.last != null) {
                files.last = end.last;
                return files;
            }
        }
        return files;
    }

    /**
     * The newest whole statement of a store that others may be writing; it is on the disk when this returns.
     *
     * @param directory the log's
     * @throws StoreDamagedException if the newest is not whole
     */
    public static Optional<Statement> newest(Path directory) throws IOException {
        for (Path path : list(directory).reversed()) {
            Statement last = End.of(path).last;
            if (last != null) {
                try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                    file.force(false);
                }
                return Optional.of(last);
            }
        }
        return Optional.empty();
    }

    /** The newest statement, null if there is none. */
    Statement last() {
        return last;
    }

    /** Returns once the statement, which follows {@link #last}, is on the disk; if it throws, it is as if it had not been called. */
    void append(Statement statement) throws IOException {
        Path path = directory.resolve(name(statement.segment()));
        boolean create = Files.notExists(path);
        long at = statement.segment() == segment ? length : create ? 0 : Files.size(path);
        byte[] bytes = (statement.text() + "\n").getBytes(StandardCharsets.US_ASCII);
        try (SegmentFile file = opener.open(path, create)) {
            // A line that an earlier attempt could not finish may be longer than what replaces it.
            file.truncate(at);
            file.write(ByteBuffer.wrap(bytes), at);
            file.force(true);
        }
        if (create) {
            opener.syncDirectory(directory);
        }
        segment = statement.segment();
        length = at + bytes.length;
        last = statement;
    }

    /** All there are, oldest first. */
    static List<Path> list(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.getFileName().toString().matches("[0-9]{8}\\" + SUFFIX)).sorted().toList();
        }
    }

    private static int number(Path path) {
        return Integer.parseInt(path.getFileName().toString().substring(0, 8));
    }

    /** The end of one file: the last whole statement, or null; how much to keep, and how much there is. */
    private record End(Statement last, long keepBytes, long sizeBytes) {
        static End of(Path path) throws IOException {
            byte[] bytes;
            long size;
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                size = file.size();
                ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(size, END_BYTES));
                while (buffer.hasRemaining() && file.read(buffer, size - buffer.capacity() + buffer.position()) >= 0) {
                    // Until it is full.
                }
                bytes = buffer.array();
            }
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            int end = text.lastIndexOf('\n') + 1;
            String fault = null;
            for (int tries = 0; end > 0; tries++) {
                int from = text.lastIndexOf('\n', end - 2) + 1;
                try {
                    return new End(Statement.parse(text.substring(from, end - 1)), size - bytes.length + end, size);
                } catch (MalformedLineException e) {
                    fault = e.getMessage();
                    // A power cut can leave the last line with a hole; never two.
                    if (tries > 0 || from == 0 && size > bytes.length) {
                        throw new StoreDamagedException(path, size - bytes.length + from, 0, fault);
                    }
                    end = from;
                }
            }
            if (size > bytes.length) {
                throw new StoreDamagedException(path, size - bytes.length, 0, "no statement in the last " + bytes.length + " bytes");
            }
            return new End(null, 0, size);
        }
    }
}
