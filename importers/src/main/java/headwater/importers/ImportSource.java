// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;

/**
 * One source as it is read: unpacked if it is gzip, its SHA-256 taken from the bytes as they are stored. For one
 * thread.
 */
final class ImportSource implements AutoCloseable {
    private static final int BEGINNING_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x8b1f;

    private final DigestInputStream digest;
    private final InputStream raw;
    private final InputStream content;
    private final boolean gzip;

    /** @param in is closed with this */
    ImportSource(InputStream in) throws IOException {
        try {
            digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform has no SHA-256", e);
        }
        raw = new BufferedInputStream(digest, BEGINNING_BYTES);
        raw.mark(2);
        int magic = raw.read() | raw.read() << 8;
        raw.reset();
        gzip = magic == GZIP_MAGIC;
        content = new BufferedInputStream(gzip ? new GZIPInputStream(raw, 1 << 16) : raw, 2 * BEGINNING_BYTES);
    }

    boolean isGzip() {
        return gzip;
    }

    /** The first bytes; they are read again by {@link #content}. */
    byte[] beginning() throws IOException {
        content.mark(BEGINNING_BYTES);
        byte[] bytes = new byte[BEGINNING_BYTES];
        int length = content.readNBytes(bytes, 0, bytes.length);
        content.reset();
        return Arrays.copyOf(bytes, length);
    }

    /** What is read; closing it does nothing. */
    InputStream content() {
        return new FilterInputStream(content) {
            @Override
            public void close() {
                // The source is closed by itself: its digest is not yet whole.
            }
        };
    }

    /** The SHA-256 of all bytes, 64 digits; reads what is left. */
    String sha256() throws IOException {
        raw.transferTo(java.io.OutputStream.nullOutputStream());
        return HexFormat.of().formatHex(digest.getMessageDigest().digest());
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
