// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How many blocks of a log were on the disk for sure, by the statements beside it: only what is durable is signed. Their
 * signatures are not looked at; this only helps to tell a torn tail from damage.
 */
final class SignedLength {
    private static final Pattern BLOCKS = Pattern.compile("hwseal1 [^\\n]* blocks=([0-9]{1,18}) [^\\n]* sig=[^\\n]+\\n");
    private static final int END_BYTES = 1 << 13;

    private SignedLength() {
    }

    /** The number of blocks, -1 if there is no statement. */
    static long of(Path directory) {
        try (Stream<Path> list = Files.list(directory)) {
            List<Path> files = list.filter(path -> path.getFileName().toString().endsWith(".hwseal")).sorted().toList();
            for (Path file : files.reversed()) {
                long blocks = lastIn(file);
                if (blocks >= 0) {
                    return blocks;
                }
            }
            return -1;
        } catch (IOException e) {
            throw new UncheckedIOException("log directory cannot be read: directory=" + directory + ", cause=" + e, e);
        }
    }

    private static long lastIn(Path path) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer end = ByteBuffer.allocate((int) Math.min(END_BYTES, file.size()));
            long from = file.size() - end.capacity();
            while (end.hasRemaining() && file.read(end, from + end.position()) >= 0) {
                // Until it is full.
            }
            Matcher matcher = BLOCKS.matcher(new String(end.array(), StandardCharsets.ISO_8859_1));
            long blocks = -1;
            while (matcher.find()) {
                blocks = Long.parseLong(matcher.group(1));
            }
            return blocks;
        }
    }
}
