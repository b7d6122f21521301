// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.model.Session;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Takes the digests of all files that a run read or wrote, when its command has ended, into the store. Between the end
 * and the digest somebody else may change a file: then its time of last change is later than the end of the session,
 * and the file is left out.
 */
public final class RunDigests {
    /**
     * @param taken files whose digest is in the store now
     * @param left files that are there, but were changed after the session's end, or cannot be read
     */
    public record Figures(long taken, long left) {
    }

    private RunDigests() {
    }

    /**
     * @param view of the store with the session, which has ended
     * @param sink of the same store
     * @param clock nanoseconds since the Unix epoch
     */
    public static Figures take(GraphView view, Session session, GraphSink sink, LongSupplier clock) {
        long taken = 0;
        long left = 0;
        long before = -1;
        for (RunFile file : Run.of(view, session).files()) {
            Path path = FileDigest.path(file.path());
            if (file.object() == before || path == null || file.use() == RunFile.Use.TEMPORARY
                    || !Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            before = file.object();
            if (one(view, session, file, path, sink, clock)) {
                taken++;
            } else {
                left++;
            }
        }
        return new Figures(taken, left);
    }

    private static boolean one(GraphView view, Session session, RunFile file, Path path, GraphSink sink,
            LongSupplier clock) {
        try {
            FileDigest digest = FileDigest.of(view, new RunFile(file.object(), file.path(), file.use(), Long.MAX_VALUE),
                    session.endNs());
            Map<String, Object> stat = Files.readAttributes(path, "unix:ctime,ino", LinkOption.NOFOLLOW_LINKS);
            if (!digest.isKnown() || view.attributes(file.object()).number(Attribute.INO,
                    -1) != (Long) stat.get("ino")) {
                return false;
            }
            long nowNs = clock.getAsLong();
            byte[] digits = digest.sha256().getBytes(StandardCharsets.US_ASCII);
            sink.attribute(file.object(), Attribute.SHA256, MemorySegment.ofArray(digits), 0, digits.length, nowNs);
            sink.attribute(file.object(), Attribute.DIGESTED, nowNs, nowNs);
            sink.attribute(file.object(), Attribute.DIGESTED_CTIME,
                    FileDigest.nanoseconds((FileTime) stat.get("ctime")), nowNs);
            sink.attribute(file.object(), Attribute.DIGESTED_SIZE, digest.size(), nowNs);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
