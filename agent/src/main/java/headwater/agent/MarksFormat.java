// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.Marks;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * The file {@code marks} of a store: text, one line for each change, the last one of a file counts.
 *
 * <pre>
 *   File --> "headwater marks 1\n" Line*
 *   Line --> FileSystem " " Inode " " Generation " " Marks " " Taint " " Checksum "\n"
 *   FileSystem --> the UUID of the file system, 36 characters
 *   Inode, Generation --> decimal
 *   Marks --> bits of {@link headwater.capture.Mark}, hexadecimal; 0, with taint 0: the file bears none any more
 *   Taint --> 64 bits, hexadecimal
 *   Checksum --> CRC-32 of the line before it, without the space; 8 hexadecimal digits
 * </pre>
 *
 * A line that breaks this says nothing and is counted: the last may be torn.
 */
final class MarksFormat {
    static final String HEADER = "headwater marks 1\n";

    /**
     * What a file says.
     *
     * @param damaged how many lines say nothing
     */
    record Content(Map<LastingMarks.Key, Marks> marks, int damaged) {
    }

    private MarksFormat() {
    }

    static byte[] line(LastingMarks.Key key, Marks marks) {
        String line = key.fileSystem() + " " + Long.toUnsignedString(key.ino()) + " " + Long.toUnsignedString(key.generation()) + " "
                + Integer.toHexString(marks.bits()) + " " + Long.toHexString(marks.taint());
        return (line + " " + checksum(line) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static String checksum(String line) {
        CRC32 crc = new CRC32();
        crc.update(line.getBytes(StandardCharsets.ISO_8859_1));
        return String.format(Locale.ROOT, "%08x", crc.getValue());
    }

    /** @throws IllegalArgumentException if it is a file of another kind or version */
    static Content parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        Map<LastingMarks.Key, Marks> marks = new HashMap<>();
        if (text.isEmpty()) {
            return new Content(marks, 0);
        }
        if (!text.startsWith(HEADER)) {
            throw new IllegalArgumentException("not a file of marks, or of another version: want its first line to be "
                    + HEADER.strip() + "; move it away to go on without these marks");
        }
        int damaged = 0;
        int at = HEADER.length();
        while (at < text.length()) {
            int end = text.indexOf('\n', at);
            String line = text.substring(at, end < 0 ? text.length() : end);
            if (end < 0 || !take(line, marks)) {
                damaged++;
            }
            at = end < 0 ? text.length() : end + 1;
        }
        return new Content(marks, damaged);
    }

    private static boolean take(String line, Map<LastingMarks.Key, Marks> marks) {
        String[] words = line.split(" ", -1);
        int checked = line.lastIndexOf(' ');
        if (words.length != 6 || words[0].length() != 36 || !words[5].equals(checksum(line.substring(0, checked)))) {
            return false;
        }
        try {
            LastingMarks.Key key = new LastingMarks.Key(UUID.fromString(words[0]), Long.parseUnsignedLong(words[1]),
                    Long.parseUnsignedLong(words[2]));
            Marks read = Marks.ofBits(Integer.parseUnsignedInt(words[3], 16), Long.parseUnsignedLong(words[4], 16));
            if (read.isEmpty()) {
                marks.remove(key);
            } else {
                marks.put(key, read);
            }
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
