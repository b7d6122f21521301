// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.store.log.BlockHash;
import headwater.store.log.LogPosition;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Where an output's position is kept: {@code outputs/NAME.position} in the store's folder, {@code key=value} lines, put in place whole.
 * One that cannot be understood counts as missing.
 */
public final class PositionFile {
    private static final long MOST_BYTES = 4096;

    private final Path path;
    private final UUID store;

    public PositionFile(Path folder, String name, UUID store) {
        this.path = folder.resolve(name + ".position");
        this.store = store;
    }

    /** The file. */
    public Path path() {
        return path;
    }

    /** What was kept; null if there is nothing, or it is of another store, or damaged. */
    public Mark read() {
        try {
            if (Files.notExists(path) || Files.size(path) > MOST_BYTES) {
                return null;
            }
            return parse(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1), store);
        } catch (IOException e) {
            throw new UncheckedIOException("position of an output cannot be read: file=" + path + ", cause=" + e, e);
        }
    }

    static Mark parse(String text, UUID store) throws IOException {
        Properties lines = new Properties();
        try {
            lines.load(new StringReader(text));
            if (!store.toString().equals(lines.getProperty("store"))) {
                return null;
            }
            LogPosition position = new LogPosition(Math.toIntExact(number(lines, "segment")), number(lines, "offset"),
                    number(lines, "block"), number(lines, "nodes"), number(lines, "edges"), number(lines, "objects"),
                    number(lines, "time"), Boolean.parseBoolean(lines.getProperty("session")),
                    BlockHash.parse(lines.getProperty("hash", "")), number(lines, "before"));
            return new Mark(position, number(lines, "sent_edges"), number(lines, "swept_nodes"));
        } catch (IllegalArgumentException | ArithmeticException e) {
            return null;
        }
    }

    private static long number(Properties lines, String key) {
        long number = Long.parseLong(lines.getProperty(key, "missing"));
        if (number < 0) {
            throw new IllegalArgumentException("negative number: key=" + key + ", value=" + number);
        }
        return number;
    }

    /** What {@link Destination#checkpoint} was when the position was kept; empty if it is not known. */
    String checkpoint() {
        try {
            Properties lines = new Properties();
            lines.load(new StringReader(new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1)));
            return lines.getProperty("checkpoint", "");
        } catch (IOException | IllegalArgumentException e) {
            return "";
        }
    }

    String text(Mark mark, String checkpoint) {
        LogPosition at = mark.position();
        Map<String, Object> lines = new TreeMap<>(Map.of("store", store, "segment", at.segment(), "offset", at.offset(),
                "block", at.block(), "nodes", at.nodes(), "edges", at.edges(), "objects", at.objects(), "time", at.timeNs()));
        lines.put("session", at.sessionOpen());
        lines.put("hash", at.hash());
        lines.put("before", at.before());
        lines.put("sent_edges", mark.edge());
        lines.put("swept_nodes", mark.swept());
        if (!checkpoint.isEmpty()) {
            lines.put("checkpoint", checkpoint);
        }
        StringBuilder text = new StringBuilder();
        lines.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString();
    }

    /** Keeps {@code mark}, durably. */
    public void write(Mark mark) throws IOException {
        write(mark, "");
    }

    /** Keeps {@code mark} and what the target held then, durably. */
    void write(Mark mark, String checkpoint) throws IOException {
        Files.createDirectories(path.getParent(),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(fresh, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING), PosixFilePermissions.asFileAttribute(
                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = ByteBuffer.wrap(text(mark, checkpoint).getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(false);
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
