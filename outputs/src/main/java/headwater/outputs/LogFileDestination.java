// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * {@code log}: a file that grows, made with mode 0644, on the disk after each flush. If a size is given, a file that has reached it
 * becomes {@code PATH.1}, what was that {@code PATH.2}, and so on; each file can be read without the others. What a write that failed
 * half-way left at the end is cut off.
 */
final class LogFileDestination implements Destination {
    /** How many older files stay, if it is not said. */
    static final int FILES = 5;

    private static final int LOOK_BACK_BYTES = 1 << 20;

    private final Path path;
    private final long maxBytes;
    private final int files;
    private FileChannel channel;
    private long length;
    private boolean begunAnew;

    /**
     * @param maxBytes after which a new file is begun, 0 for never; a file is at most one document larger
     * @param files how many older ones stay
     */
    LogFileDestination(Path path, long maxBytes, int files) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.files = files;
    }

    @Override
    public void open(Stop stop) throws IOException {
        channel = FileChannel.open(path, Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
        length = channel.size();
        cutTornLine();
    }

    /** A process that was killed may have left half a document. */
    private void cutTornLine() throws IOException {
        int look = (int) Math.min(length, LOOK_BACK_BYTES);
        ByteBuffer tail = ByteBuffer.allocate(look);
        while (tail.hasRemaining() && channel.read(tail, length - look + tail.position()) >= 0) {
            // Until all is read.
        }
        int end = tail.position();
        while (end > 0 && tail.get(end - 1) != '\n') {
            end--;
        }
        if (end < look && (end > 0 || look == length)) {
            length = length - look + end;
            channel.truncate(length);
        }
    }

    @Override
    public void send(Document document, Stop stop) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(document.lines());
        int size = bytes.remaining();
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes, length + bytes.position());
            }
        } catch (IOException e) {
            cut();
            throw new IOException("log cannot be written: path=" + path + ", cause=" + e.getMessage() + "; make room", e);
        }
        length += size;
        if (maxBytes > 0 && length >= maxBytes) {
            rotate(stop);
        }
    }

    private void cut() {
        try {
            channel.truncate(length);
        } catch (IOException e) {
            // Done again when it is opened again.
        }
    }

    private void rotate(Stop stop) throws IOException {
        channel.force(true);
        channel.close();
        for (int number = files; number > 1; number--) {
            Path younger = numbered(number - 1);
            if (Files.exists(younger)) {
                Files.move(younger, numbered(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, numbered(1), StandardCopyOption.REPLACE_EXISTING);
        begunAnew = true;
        open(stop);
    }

    private Path numbered(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public boolean flush(Stop stop) throws IOException {
        if (channel.isOpen()) {
            channel.force(false);
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
    public boolean keeps() {
        return true;
    }

    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // What was flushed is on the disk; what was not is sent again.
        }
    }
}
