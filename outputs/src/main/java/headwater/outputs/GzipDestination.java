// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * {@code gzip}: files {@code prov-000001.json.gz}, {@code prov-000002.json.gz}, … in a folder, each a row of gzip
 * members, each of these complete documents, one on a line; {@code zcat} gives them. A file can be read without the
 * others. One that has reached its size is never touched again.
 *
 * <p>What stands behind the last member that was safe when the position was kept is cut off when it goes on, so that
 * each edge is there once. For one thread.
 */
final class GzipDestination implements Destination {
    /** Bytes after which a new file is begun, if it is not said. */
    static final long MAX_BYTES = 64L << 20;
    /** zlib's own choice. */
    static final int LEVEL = 6;

    private static final Pattern NAME = Pattern.compile("prov-([0-9]{6,9})\\.json\\.gz");
    private static final Pattern CHECKPOINT = Pattern.compile("([0-9]{1,9}):([0-9]{1,18})");

    /** A member under way. */
    private static final class Member extends GZIPOutputStream {
        Member(ByteArrayOutputStream to, int level) throws IOException {
            super(to, 1 << 13);
            def.setLevel(level);
        }
    }

    private final Path folder;
    private final long maxBytes;
    private final int level;
    private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
    private Member member;
    private FileChannel channel;
    private int number = 1;
    private long length;
    private boolean begunAnew;
    /** False until it is known what of the folder's content counts. */
    private boolean resumed;

    GzipDestination(Path folder, long maxBytes, int level) {
        this.folder = folder;
        this.maxBytes = maxBytes;
        this.level = level;
    }

    @Override
    public void resume(String checkpoint) {
        Matcher matcher = CHECKPOINT.matcher(checkpoint);
        if (matcher.matches()) {
            number = Integer.parseInt(matcher.group(1));
            length = Long.parseLong(matcher.group(2));
            resumed = true;
        }
    }

    @Override
    public String checkpoint() {
        return number + ":" + length;
    }

    @Override
    public void open(Stop stop) throws IOException {
        packed.reset();
        member = null;
        close();
        try {
            Files.createDirectories(folder);
            List<Integer> numbers = numbers();
            if (!resumed && !numbers.isEmpty()) {
                throw new IOException("files of another recording are there already: folder=" + folder + ", file="
                        + name(numbers.getFirst()) + "; name an empty folder");
            }
            resumed = true;
            for (int later : numbers) {
                if (later > number) {
                    Files.delete(folder.resolve(name(later)));
                }
            }
            cut();
        } catch (IOException e) {
            throw new IOException("gzip files cannot be written: folder=" + folder + ", cause=" + e.getMessage(), e);
        }
    }

    /** Undoes what came after the last flush that counts. */
    private void cut() throws IOException {
        Path file = folder.resolve(name(number));
        if (length == 0) {
            Files.deleteIfExists(file);
            return;
        }
        channel = FileChannel.open(file, StandardOpenOption.WRITE);
        if (channel.size() < length) {
            throw new IOException("file is shorter than it was: bytes=" + channel.size() + ", want=" + length
                    + "; put it back, or record into an empty folder");
        }
        channel.truncate(length);
    }

    private List<Integer> numbers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> NAME.matcher(file.getFileName().toString())).filter(Matcher::matches)
                    .map(matcher -> Integer.valueOf(matcher.group(1))).sorted().toList();
        }
    }

    private static String name(int number) {
        return String.format("prov-%06d.json.gz", number);
    }

    @Override
    public void send(Document document, Stop stop) throws IOException {
        if (member == null) {
            member = new Member(packed, level);
        }
        member.write(document.lines());
    }

    @Override
    public boolean flush(Stop stop) throws IOException {
        if (member == null) {
            return true;
        }
        member.close();
        ByteBuffer bytes = ByteBuffer.wrap(packed.toByteArray());
        try {
            if (channel == null) {
                channel = FileChannel.open(folder.resolve(name(number)), Set.of(StandardOpenOption.CREATE_NEW,
                        StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
            }
            while (bytes.hasRemaining()) {
                channel.write(bytes, length + bytes.position());
            }
            channel.force(false);
        } catch (IOException e) {
            throw new IOException("gzip file cannot be written: file=" + folder.resolve(name(number)) + ", cause="
                    + e.getMessage()
                    + "; make room", e);
        }
        length += bytes.position();
        member = null;
        packed.reset();
        if (length >= maxBytes) {
            close();
            number++;
            length = 0;
            begunAnew = true;
        }
        return true;
    }

    @Override
    public boolean begunAnew() {
        boolean was = begunAnew;
        begunAnew = false;
        return was;
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // What was flushed is on the disk; what was not is cut off and sent again.
        }
        channel = null;
    }
}
