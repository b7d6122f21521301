// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.model.Attribute;
import headwater.model.GraphView;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a file's content is, and whether it can be said to be what the run saw.
 *
 * @param state what is known of it
 * @param sha256 64 lower-case digits, empty if there is none
 * @param sha1 likewise, 40; empty if the content was not read now
 * @param md5 likewise, 32
 * @param size in bytes, -1 if it is not known
 */
public record FileDigest(State state, String sha256, String sha1, String md5, long size) {
    /** What a digest is worth. */
    public enum State {
        /** Taken by {@code run --digests} when the run had ended. */
        TAKEN("taken at the end of the run"),
        /** Taken now, of the file that the run had; nothing has changed it since, by its time of last change. */
        UNCHANGED("taken now; unchanged since the run"),
        /** Changed since the run, or touched: what the run saw is not known. */
        CHANGED("changed since the run"),
        /** Another file has its name. */
        REPLACED("replaced since the run"),
        /** Not there, or not to be read. */
        GONE("gone");

        private final String text;

        State(String text) {
            this.text = text;
        }

        /** A clause for people. */
        public String text() {
            return text;
        }
    }

    /** True if it is of the content that the run had. */
    public boolean isKnown() {
        return state == State.TAKEN || state == State.UNCHANGED;
    }

    private static FileDigest none(State state) {
        return new FileDigest(state, "", "", "", -1);
    }

    /**
     * Of a file of a run.
     *
     * @param endNs when the session ended: what changed later is not what the run saw
     */
    static FileDigest of(GraphView view, RunFile file, long endNs) {
        GraphView.Attributes known = view.attributes(file.object());
        byte[] taken = known.bytes(Attribute.SHA256);
        // Taken after this run had touched it last, and before any other could: by the run itself.
        boolean own = taken != null && known.number(Attribute.DIGESTED, 0) >= file.lastNs();
        Path path = path(file.path());
        FileDigest now = path == null ? none(State.GONE)
                : now(path, known, own ? known.number(Attribute.DIGESTED_CTIME, 0) : endNs);
        if (!own) {
            return now;
        }
        String sha256 = new String(taken, StandardCharsets.US_ASCII);
        // The other digests are of what is there now: only if that is still the same.
        boolean same = now.sha256().equals(sha256);
        return new FileDigest(State.TAKEN, sha256, same ? now.sha1() : "", same ? now.md5() : "",
                known.number(Attribute.DIGESTED_SIZE, -1));
    }

    private static FileDigest now(Path path, GraphView.Attributes known, long unchangedSinceNs) {
        try {
            Map<String, Object> stat = Files.readAttributes(path, "unix:ino,ctime,size,isRegularFile",
                    LinkOption.NOFOLLOW_LINKS);
            if (!(Boolean) stat.get("isRegularFile")) {
                return none(State.REPLACED);
            }
            if (known.number(Attribute.INO, -1) != (Long) stat.get("ino")) {
                return none(State.REPLACED);
            }
            if (nanoseconds((FileTime) stat.get("ctime")) > unchangedSinceNs) {
                return none(State.CHANGED);
            }
            FileDigest digest = read(path);
            long after = nanoseconds((FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS));
            return after > unchangedSinceNs ? none(State.CHANGED) : digest;
        } catch (IOException | UnsupportedOperationException e) {
            return none(State.GONE);
        }
    }

    /** Reads a file now, whatever it is. */
    public static FileDigest read(Path path) throws IOException {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            long size = 0;
            try (InputStream in = Files.newInputStream(path)) {
                byte[] buffer = new byte[1 << 16];
                for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
                    sha256.update(buffer, 0, count);
                    sha1.update(buffer, 0, count);
                    md5.update(buffer, 0, count);
                    size += count;
                }
            }
            HexFormat hex = HexFormat.of();
            return new FileDigest(State.UNCHANGED, hex.formatHex(sha256.digest()), hex.formatHex(sha1.digest()),
                    hex.formatHex(md5.digest()),
                    size);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform lacks a digest", e);
        }
    }

    static long nanoseconds(FileTime time) {
        return time.toInstant().getEpochSecond() * 1_000_000_000L + time.toInstant().getNano();
    }

    /** The path, null if Java has no word for it. */
    static Path path(byte[] name) {
        try {
            return Path.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name)).toString());
        } catch (CharacterCodingException | InvalidPathException e) {
            return null;
        }
    }
}
