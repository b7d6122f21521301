// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.FileId;
import headwater.capture.Marks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The marks of files, kept in the store so that they outlive the daemon and the boot ({@link MarksFormat}). Of files whose file
 * system has a UUID and keeps inode numbers and generations; whoever calls sees to that. One thread.
 */
final class LastingMarks implements AutoCloseable {
    /** What a file is known by, on whichever device. */
    record Key(UUID fileSystem, long ino, long generation) {
        FileId id() {
            return FileId.of(fileSystem, 0, ino, generation);
        }
    }

    private final Path path;
    private final Map<Key, Marks> kept;
    private final Map<Key, Marks> unwritten = new LinkedHashMap<>();
    private final int damaged;
    /** Null until there is something to keep. */
    private FileChannel file;

    /**
     * Reads what the store has.
     *
     * @throws IOException if it cannot be read or written
     */
    static LastingMarks open(Path store) throws IOException {
        return new LastingMarks(store.resolve("marks"));
    }

    private LastingMarks(Path path) throws IOException {
        this.path = path;
        MarksFormat.Content content = read(path);
        kept = content.marks();
        damaged = content.damaged();
        if (!kept.isEmpty() || damaged > 0) {
            rewrite();
        }
    }

    private static MarksFormat.Content read(Path path) throws IOException {
        try {
            return MarksFormat.parse(Files.readAllBytes(path));
        } catch (NoSuchFileException e) {
            return new MarksFormat.Content(new HashMap<>(), 0);
        }
    }

    /** How many lines could not be read: the marks that they told are lost. */
    int damaged() {
        return damaged;
    }

    /** For {@link headwater.capture.Capture}. */
    Map<FileId, Marks> byId() {
        Map<FileId, Marks> byId = new HashMap<>();
        kept.forEach((key, marks) -> byId.put(key.id(), marks));
        return byId;
    }

    /** The file bears these marks; none: it is forgotten. Lasts from the next {@link #sync} on. */
    void put(Key key, Marks marks) {
        Marks before = marks.isEmpty() ? kept.remove(key) : kept.put(key, marks);
        if (!marks.equals(before == null ? Marks.NONE : before)) {
            unwritten.put(key, marks);
        }
    }

    /**
     * Makes durable what was put.
     *
     * @throws IOException if it cannot be; nothing is forgotten, the next call tries again
     */
    void sync() throws IOException {
        if (unwritten.isEmpty()) {
            return;
        }
        if (file == null) {
            rewrite();
            unwritten.clear();
            return;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        unwritten.forEach((key, marks) -> lines.writeBytes(MarksFormat.line(key, marks)));
        long end = file.size();
        try {
            write(file, lines.toByteArray());
            file.force(false);
        } catch (IOException e) {
            file.truncate(end);
            throw e;
        }
        unwritten.clear();
    }

    private static void write(FileChannel file, byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
    }

    /** One line for each file, in place of all that was said of it. */
    private void rewrite() throws IOException {
        Path fresh = path.resolveSibling("marks.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
            ByteArrayOutputStream lines = new ByteArrayOutputStream();
            lines.writeBytes(MarksFormat.HEADER.getBytes(StandardCharsets.US_ASCII));
            kept.forEach((key, marks) -> lines.writeBytes(MarksFormat.line(key, marks)));
            write(out, lines.toByteArray());
            out.force(true);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(path.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        }
        file = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** What was put and is not durable yet is tried once more. */
    @Override
    public void close() throws IOException {
        try {
            sync();
        } finally {
            if (file != null) {
                file.close();
            }
        }
    }
}
