// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * An Ed25519 public key in its standard form: DER of a SubjectPublicKeyInfo (RFC 8410), 44 bytes. Immutable.
 */
public final class PublicKeyText {
    /** Bytes of the DER. */
    public static final int LENGTH_BYTES = 44;

    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";
    /** All that stands before the 32 bytes of the key: SEQUENCE, AlgorithmIdentifier of Ed25519, BIT STRING. */
    private static final byte[] PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] der;

    private PublicKeyText(byte[] der) {
        this.der = der;
    }

    /** @throws IllegalArgumentException if {@code der} is no Ed25519 public key */
    public static PublicKeyText ofDer(byte[] der) {
        if (der.length != LENGTH_BYTES || !Arrays.equals(PREFIX, Arrays.copyOf(der, PREFIX.length))) {
            throw new IllegalArgumentException("not an Ed25519 public key: bytes=" + der.length + ", want=" + LENGTH_BYTES
                    + " of a SubjectPublicKeyInfo");
        }
        return new PublicKeyText(der.clone());
    }

    /** @throws IllegalArgumentException if {@code base64} is not the canonical text of one */
    public static PublicKeyText ofBase64(String base64) {
        PublicKeyText key = ofDer(Base64.getDecoder().decode(base64));
        if (!key.base64().equals(base64)) {
            throw new IllegalArgumentException("not canonical base64: key=" + base64);
        }
        return key;
    }

    /**
     * Reads a PEM file's text, as {@code headwater key export} and {@code openssl pkey -pubout} write it.
     *
     * @throws IllegalArgumentException if it is none, or of another kind of key
     */
    public static PublicKeyText ofPem(String pem) {
        int from = pem.indexOf(BEGIN);
        int to = pem.indexOf(END);
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("no public key in PEM: want a line " + BEGIN);
        }
        return ofDer(Base64.getDecoder().decode(pem.substring(from + BEGIN.length(), to).replaceAll("\\s", "")));
    }

    public byte[] der() {
        return der.clone();
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(der);
    }

    /** With a line feed at the end. */
    public String pem() {
        return BEGIN + "\n" + base64() + "\n" + END + "\n";
    }

    /** The short name: the first 16 bytes of the SHA-256 of the DER, in hexadecimal. */
    public String id() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(der);
            return HexFormat.of().formatHex(hash, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }

    /** True if {@code signature} is this key's of {@code message}; false too if it is no signature at all. */
    public boolean verifies(byte[] message, byte[] signature) {
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(key);
            ed25519.update(message);
            return ed25519.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKeyText key && Arrays.equals(der, key.der);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(der);
    }

    @Override
    public String toString() {
        return id();
    }
}
