// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.NodeKind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * What an identifier says: CamFlow's have the object and its version in them, others are of an object with one version.
 *
 * @param node 16 bytes that stand for the identifier, as two numbers
 * @param object likewise, for the object of which it is a version
 * @param version from 0
 * @param boot CamFlow's, 0 for others
 * @param kind that the identifier's type word names, null if it names none
 */
record NodeKey(long[] node, long[] object, int version, int boot, NodeKind kind) {
    private static final int CAMFLOW_BYTES = 32;
    private static final int CAMFLOW_CHARS = 44;
    private static final int VERSION = 24;
    private static final int BOOT = 16;

    static NodeKey of(String id) {
        byte[] camflow = camflow(id);
        if (camflow == null) {
            long[] digest = digest(id.getBytes(StandardCharsets.UTF_8));
            return new NodeKey(digest, digest, 0, 0, null);
        }
        ByteBuffer bytes = ByteBuffer.wrap(camflow).order(ByteOrder.LITTLE_ENDIAN);
        NodeKind kind = kind(bytes.getLong(0));
        long[] node = digest(camflow);
        int version = bytes.getInt(VERSION);
        if (kind == NodeKind.PACKET || version < 0) {
            return new NodeKey(node, node, 0, 0, kind);
        }
        return new NodeKey(node, digest(Arrays.copyOf(camflow, VERSION)), version, bytes.getInt(BOOT), kind);
    }

    /** The 32 bytes of a CamFlow identifier, with or without {@code cf:}; null if it is none. */
    private static byte[] camflow(String id) {
        String text = id.startsWith("cf:") ? id.substring(3) : id;
        if (text.length() != CAMFLOW_CHARS) {
            return null;
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return bytes.length == CAMFLOW_BYTES ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static NodeKind kind(long typeWord) {
        for (NodeKind kind : NodeKind.values()) {
            if (kind.typeWord() == typeWord && kind != NodeKind.STATEMENTS) {
                return kind;
            }
        }
        return null;
    }

    static long[] digest(byte[] bytes) {
        try {
            ByteBuffer digest = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(bytes));
            return new long[] {digest.getLong(), digest.getLong()};
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the Java platform has no SHA-256", e);
        }
    }
}
