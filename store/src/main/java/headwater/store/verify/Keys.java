// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The keys of a store, from {@code keys/chain}: each is vouched for by the one before it, the first by itself. */
final class Keys {
    private static final String FILE = "keys/chain";
    static final String WORD = "hwkey1";
    static final String FORM = "store:u n:n before:h by:k from:n pub:p wall_ns:n sig:s new:s";
    private static final String MEANING = "who signed what cannot be told from here on";

    private final List<byte[]> ders = new ArrayList<>();
    private final List<Long> from = new ArrayList<>();

    /** Reads the lines; {@code trusted}: DER of a key that must be among them, null for none. */
    static Keys read(List<String> lines, String store, byte[] trusted) throws Damage {
        Keys keys = new Keys();
        String before = Line.sha256(store.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        long offset = 0;
        for (String text : lines) {
            Line line = Line.parse(text, WORD, FORM);
            String fault = line == null ? "it is no line of this file" : keys.take(line, store, before);
            if (fault != null) {
                throw new Damage(FILE, -1, -1, offset, "key " + keys.ders.size() + ": " + fault, MEANING);
            }
            before = line.hash();
            offset += text.length() + 1;
        }
        if (trusted != null && keys.ders.stream().noneMatch(der -> Arrays.equals(der, trusted))) {
            throw new Damage(FILE, 0, Long.MAX_VALUE, 0, "key " + id(trusted) + " never signed this store",
                    "it is another store, or somebody made all of it anew with a key of his own");
        }
        return keys;
    }

    private String take(Line line, String store, String before) {
        byte[] der = Base64.getDecoder().decode(line.get("pub"));
        byte[] signer = ders.isEmpty() ? der : ders.getLast();
        if (!line.get("store").equals(store)) {
            return "it is of another store: " + line.get("store");
        }
        if (line.number("n") != ders.size() || !line.get("before").equals(before) || !line.get("by").equals(id(signer))) {
            return "it does not follow the line before";
        }
        if (!from.isEmpty() && line.number("from") < from.getLast()) {
            return "it is used before the one before it";
        }
        if (!line.isSigned("sig", signer) || !line.isSigned("new", der)) {
            return "its signature is wrong";
        }
        ders.add(der);
        from.add(line.number("from"));
        return null;
    }

    boolean isEmpty() {
        return ders.isEmpty();
    }

    /** The key that statement {@code sequence} must be signed with, null if there is none. */
    byte[] of(long sequence) {
        byte[] key = null;
        for (int i = 0; i < ders.size() && from.get(i) <= sequence; i++) {
            key = ders.get(i);
        }
        return key;
    }

    /** The key of this id, null if the store never had it. */
    byte[] of(String id) {
        return ders.stream().filter(der -> id(der).equals(id)).findFirst().orElse(null);
    }

    List<String> ids() {
        return ders.stream().map(Keys::id).toList();
    }

    /** A key's short name: the first 16 bytes of the SHA-256 of its DER. */
    static String id(byte[] der) {
        return Line.sha256(der).substring(0, 32);
    }
}
