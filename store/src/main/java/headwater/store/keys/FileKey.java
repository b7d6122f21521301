// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Set;

/** A key whose secret is in a file: PKCS#8 in PEM, mode 0600, as {@code openssl genpkey -algorithm ed25519} writes it. */
final class FileKey implements KeyHolder {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";
    private static final int MAX_BYTES = 4096;
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private final PrivateKey secret;
    private final PublicKeyText key;

    private FileKey(PrivateKey secret, PublicKeyText key) {
        this.secret = secret;
        this.key = key;
    }

    /** Makes a new key and puts its secret into {@code path}, which must not be there; the folder is not synced. */
    static FileKey create(Path path, SegmentFile.Opener opener) throws IOException {
        KeyPair pair;
        try {
            pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no Ed25519, which Java 15 and later have", e);
        }
        String pem = BEGIN + "\n" + Base64.getEncoder().encodeToString(pair.getPrivate().getEncoded()) + "\n" + END + "\n";
        try (SegmentFile file = opener.open(path, true)) {
            file.write(ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII)), 0);
            file.force(true);
        }
        return new FileKey(pair.getPrivate(), PublicKeyText.ofDer(pair.getPublic().getEncoded()));
    }

    /**
     * Reads the secret of {@code key}.
     *
     * @return null if the file has the secret of another key, or is not whole
     * @throws NoSuchFileException if there is no such file
     * @throws IOException if others than the owner could have read or changed it, or it is no plain file
     */
    static FileKey read(Path path, PublicKeyText key) throws IOException {
        requirePrivate(path, false);
        if (Files.size(path) > MAX_BYTES) {
            throw new IOException("not a secret key: file=" + path + ", bytes=" + Files.size(path) + ", limit=" + MAX_BYTES);
        }
        String pem = Files.readString(path, StandardCharsets.ISO_8859_1);
        int from = pem.indexOf(BEGIN);
        int to = pem.indexOf(END);
        if (from < 0 || to < from) {
            return null;
        }
        try {
            byte[] der = Base64.getDecoder().decode(pem.substring(from + BEGIN.length(), to).replaceAll("\\s", ""));
            FileKey read = new FileKey(KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der)), key);
            byte[] probe = "headwater key probe".getBytes(StandardCharsets.US_ASCII);
            return key.verifies(probe, read.sign(probe)) ? read : null;
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            return null;
        }
    }

    /**
     * Refuses what others could have read or put there.
     *
     * @throws IOException naming the mode and what to do
     */
    static void requirePrivate(Path path, boolean folder) throws IOException {
        PosixFileAttributes is = Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (folder ? !is.isDirectory() : !is.isRegularFile()) {
            throw new IOException("key " + (folder ? "folder is no folder" : "is no plain file") + " (symbolic links are not followed): path="
                    + path + "; put back what Headwater made there");
        }
        int owner = (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        int self = (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        if (!OWNER_ONLY.containsAll(is.permissions()) || owner != self) {
            throw new IOException("key can be reached by others: path=" + path + ", mode="
                    + PosixFilePermissions.toString(is.permissions()) + ", owner=" + owner + ", want owner=" + self + " and mode="
                    + (folder ? "rwx------" : "rw-------") + "; if nobody else had it: chown and chmod it, else rotate the key");
        }
    }

    @Override
    public PublicKeyText publicKey() {
        return key;
    }

    @Override
    public byte[] sign(byte[] message) {
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initSign(secret);
            ed25519.update(message);
            return ed25519.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 refused its own key", e);
        }
    }
}
