// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import headwater.store.StoreDamagedException;
import headwater.store.log.LogRecovery;
import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The folder {@code keys} of a store, for whoever writes it.
 *
 * <pre>
 * chain       a {@link KeyLine} for each key that the store has had
 * secret.pem  the secret of the newest; all others are gone
 * next.pem    a key that is being taken into use; there only for a moment, or after a crash
 * </pre>
 *
 * A new key's secret is on the disk before its line, and takes the old one's place after it: whenever a crash comes, the
 * newest line's secret is there under one of both names. For one thread.
 */
public final class KeyFolder {
    private static final String CHAIN = "chain";
    private static final String SECRET = "secret.pem";
    private static final String NEXT = "next.pem";

    private final Path folder;
    private final UUID store;
    private final SegmentFile.Opener opener;
    private final List<KeyLine> lines = new ArrayList<>();
    private long length;
    private KeyHolder current;

    private KeyFolder(Path folder, UUID store, SegmentFile.Opener opener) {
        this.folder = folder;
        this.store = store;
        this.opener = opener;
    }

    /**
     * Opens the folder, and makes it, with a first key, if there is none.
     *
     * @param nowMs names the copy of what a crash left of a line, milliseconds since the Unix epoch
     * @throws IOException if it cannot be read or made, or others could have had the secret
     * @throws StoreDamagedException if its lines are not what was written
     */
    public static KeyFolder open(Path folder, UUID store, SegmentFile.Opener opener, long nowMs) throws IOException {
        if (Files.notExists(folder, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            opener.syncDirectory(folder.getParent());
        }
        FileKey.requirePrivate(folder, true);
        KeyFolder keys = new KeyFolder(folder, store, opener);
        keys.readChain(nowMs);
        keys.findSecret();
        return keys;
    }

    /**
     * The keys of a store, the oldest first, for whoever may read it; the secret is not looked at.
     *
     * @throws StoreDamagedException if a line is not what was written
     */
    public static List<KeyLine> read(Path folder) throws IOException {
        Path chain = folder.resolve(CHAIN);
        List<KeyLine> lines = new ArrayList<>();
        if (Files.notExists(chain)) {
            return lines;
        }
        String text = Files.readString(chain, StandardCharsets.ISO_8859_1);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            String fault;
            try {
                KeyLine key = KeyLine.parse(line);
                fault = key.fault(key.store(), lines.isEmpty() ? null : lines.getLast());
                lines.add(key);
            } catch (MalformedLineException e) {
                fault = e.getMessage();
            }
            if (fault != null) {
                throw new StoreDamagedException(chain, 0, 0, fault);
            }
        }
        return lines;
    }

    /** True if no key has been in use yet: {@link #rotate} makes the first. */
    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /** Who signs now. */
    public KeyHolder current() {
        return current;
    }

    /**
     * Takes a new key into use and forgets the secret of the one before.
     *
     * @param fromStatement the first statement that it will sign
     */
    public void rotate(long fromStatement, long nowNs) throws IOException {
        Path next = folder.resolve(NEXT);
        opener.delete(next);
        FileKey created = FileKey.create(next, opener);
        opener.syncDirectory(folder);
        KeyLine line = KeyLine.sign(store, lines.isEmpty() ? null : lines.getLast(), current, created, fromStatement, nowNs);
        append(line);
        opener.rename(next, folder.resolve(SECRET));
        opener.syncDirectory(folder);
        current = created;
    }

    private void append(KeyLine line) throws IOException {
        Path chain = folder.resolve(CHAIN);
        boolean create = Files.notExists(chain);
        byte[] bytes = (line.text() + "\n").getBytes(StandardCharsets.US_ASCII);
        try (SegmentFile file = opener.open(chain, create)) {
            file.write(ByteBuffer.wrap(bytes), length);
            file.force(true);
        }
        if (create) {
            opener.syncDirectory(folder);
        }
        length += bytes.length;
        lines.add(line);
    }

    private void readChain(long nowMs) throws IOException {
        Path chain = folder.resolve(CHAIN);
        if (Files.notExists(chain)) {
            return;
        }
        FileKey.requirePrivate(chain, false);
        byte[] bytes = Files.readAllBytes(chain);
        int from = 0;
        while (from < bytes.length) {
            int to = from;
            while (to < bytes.length && bytes[to] != '\n') {
                to++;
            }
            String fault = to == bytes.length ? "line is not finished" : take(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
            if (fault != null) {
                boolean last = to >= bytes.length - 1;
                if (!last) {
                    throw new StoreDamagedException(chain, from, 0, fault);
                }
                LogRecovery.cut(chain, from, opener, nowMs);
                break;
            }
            from = to + 1;
        }
        length = from;
    }

    /** Takes the next line; says what is wrong with it, null if nothing is. */
    private String take(String text) {
        try {
            KeyLine line = KeyLine.parse(text);
            String fault = line.fault(store, lines.isEmpty() ? null : lines.getLast());
            if (fault == null) {
                lines.add(line);
            }
            return fault;
        } catch (MalformedLineException e) {
            return e.getMessage();
        }
    }

    private void findSecret() throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        PublicKeyText key = lines.getLast().key();
        Path secret = folder.resolve(SECRET);
        Path next = folder.resolve(NEXT);
        current = read(secret, key);
        if (current == null) {
            current = read(next, key);
            if (current == null) {
                throw new IOException("secret key of this store is not here: file=" + secret + ", key=" + key.id()
                        + "; put it back, or record into a new store");
            }
            opener.rename(next, secret);
            opener.syncDirectory(folder);
        } else if (Files.exists(next)) {
            opener.delete(next);
            opener.syncDirectory(folder);
        }
    }

    private static FileKey read(Path path, PublicKeyText key) throws IOException {
        try {
            return FileKey.read(path, key);
        } catch (NoSuchFileException e) {
            return null;
        }
    }
}
