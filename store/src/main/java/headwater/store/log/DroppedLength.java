// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much of a log's beginning was dropped, by the last whole line of {@code dropped} beside it. Its signature is not looked at: who opens
 * the store for writing does that, and who verifies it; this tells a reader where to begin.
 *
 * @param lastSegment the last segment that was dropped, 0 if none was
 * @param block how many blocks stood before what is left
 * @param hash SHA-256 of the last of them, null if there was none
 * @param fromNs lowest time in what was dropped, nanoseconds since the Unix epoch
 */
public record DroppedLength(int lastSegment, long block, BlockHash hash, long fromNs) {
    private static final DroppedLength NOTHING = new DroppedLength(0, 0, null, 0);
    private static final Pattern LINE = Pattern.compile("hwdrop1 [^\\n]* last_segment=([0-9]{1,9}) [^\\n]* blocks=([0-9]{1,18})"
            + " hash=([0-9a-f]{64}) [^\\n]* from_ns=([0-9]{1,19}) [^\\n]* sig=[^\\n]+\\n");

    /** Of the log in {@code directory}. */
    public static DroppedLength of(Path directory) {
        String text;
        try {
            text = Files.readString(directory.resolve("dropped"), StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            return NOTHING;
        } catch (IOException e) {
            throw new UncheckedIOException("what was dropped cannot be read: file=" + directory.resolve("dropped") + ", cause=" + e, e);
        }
        DroppedLength last = NOTHING;
        long from = Long.MAX_VALUE;
        for (Matcher matcher = LINE.matcher(text); matcher.find();) {
            from = Math.min(from, Long.parseLong(matcher.group(4)));
            last = new DroppedLength(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2)), BlockHash.parse(matcher.group(3)),
                    from);
        }
        return last;
    }
}
