// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/**
 * One line of {@code keys/chain}: a key is taken into use. The first key of a store vouches for itself; each later one
 * is signed by the one before it, and by itself.
 *
 * <pre>
 * hwkey1 store=UUID n=N before=HASH by=KEY from=SEQ pub=BASE64 wall_ns=T sig=BASE64 new=BASE64
 *
 * n       from 0
 * before  SHA-256 of the line before; of the first line, of the store id's text
 * by      id of the key before; of the first line, its own
 * from    the first statement that is signed with this key
 * pub     DER of the SubjectPublicKeyInfo
 * wall_ns when, nanoseconds since the Unix epoch
 * sig     by the key "by", of all before " sig="
 * new     by this key, of the same
 * </pre>
 *
 * @param text the line, without its line feed
 */
public record KeyLine(UUID store, long number, String before, String by, long fromStatement, PublicKeyText key, long wallNs,
        byte[] signature, byte[] newSignature, String text) {
    public static final String WORD = "hwkey1";

    /** @throws MalformedLineException if it is none; signatures are not looked at */
    public static KeyLine parse(String text) throws MalformedLineException {
        SignedLine line = new SignedLine(text, WORD);
        UUID store = StoreId.take(line);
        long number = line.takeNumber("n");
        String before = line.takeHex("before", 32);
        String by = line.takeHex("by", 16);
        long from = line.takeNumber("from");
        PublicKeyText key;
        try {
            key = PublicKeyText.ofBase64(line.take("pub"));
        } catch (IllegalArgumentException e) {
            throw new MalformedLineException("not a public key: line=" + WORD + ", cause=" + e.getMessage());
        }
        long wallNs = line.takeNumber("wall_ns");
        byte[] signature = line.takeSignature("sig");
        byte[] newSignature = line.takeSignature("new");
        line.end();
        return new KeyLine(store, number, before, by, from, key, wallNs, signature, newSignature, text);
    }

    /** What {@code before} of the first line is. */
    public static String root(UUID store) {
        return SignedLine.hash(store.toString());
    }

    /** The line that takes {@code next} into use after {@code last}, which is null for the first. */
    static KeyLine sign(UUID store, KeyLine last, KeyHolder current, KeyHolder next, long fromStatement, long wallNs)
            throws java.io.IOException {
        KeyHolder by = last == null ? next : current;
        String message = WORD + " store=" + store + " n=" + (last == null ? 0 : last.number + 1) + " before="
                + (last == null ? root(store) : SignedLine.hash(last.text)) + " by=" + by.publicKey().id() + " from=" + fromStatement
                + " pub=" + next.publicKey().base64() + " wall_ns=" + wallNs;
        byte[] bytes = message.getBytes(StandardCharsets.US_ASCII);
        Base64.Encoder base64 = Base64.getEncoder();
        try {
            return parse(message + " sig=" + base64.encodeToString(by.sign(bytes)) + " new="
                    + base64.encodeToString(next.sign(bytes)));
        } catch (MalformedLineException e) {
            throw new IllegalStateException("a line that we wrote", e);
        }
    }

    /** What is wrong with it as the line after {@code last} (null: as the first), null if nothing is. */
    public String fault(UUID wantedStore, KeyLine last) {
        if (!store.equals(wantedStore)) {
            return "key of another store: is=" + store + ", want=" + wantedStore;
        }
        long want = last == null ? 0 : last.number + 1;
        String hash = last == null ? root(store) : SignedLine.hash(last.text);
        PublicKeyText signer = last == null ? key : last.key;
        if (number != want || !before.equals(hash) || !by.equals(signer.id())) {
            return "key does not follow the one before: n=" + number + ", want=" + want;
        }
        if (last != null && fromStatement < last.fromStatement) {
            return "key begins before the one before it: from=" + fromStatement;
        }
        byte[] message = SignedLine.message(text);
        if (!signer.verifies(message, signature) || !key.verifies(message, newSignature)) {
            return "signature of the key is wrong: n=" + number;
        }
        return null;
    }
}
