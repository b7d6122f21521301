// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;

/** One signed line: a word, then {@code name=value} in a fixed order. Every value has one way only to be written. */
final class Line {
    private final String text;
    private final String[] names;
    private final String[] values;

    private Line(String text, String[] names, String[] values) {
        this.text = text;
        this.names = names;
        this.values = values;
    }

    /** The line, null if it is not one of this form. {@code fields}: the names, each before the letter of its form. */
    static Line parse(String text, String word, String fields) {
        String[] parts = text.split(" ", -1);
        String[] forms = fields.split(" ");
        if (parts.length != forms.length + 1 || !parts[0].equals(word)) {
            return null;
        }
        String[] names = new String[forms.length];
        String[] values = new String[forms.length];
        for (int i = 0; i < forms.length; i++) {
            names[i] = forms[i].substring(0, forms[i].indexOf(':'));
            String start = names[i] + "=";
            values[i] = parts[i + 1].startsWith(start) ? parts[i + 1].substring(start.length()) : "";
            if (!hasForm(values[i], forms[i].charAt(forms[i].length() - 1))) {
                return null;
            }
        }
        return new Line(text, names, values);
    }

    private static boolean hasForm(String value, char form) {
        return switch (form) {
            case 'n' -> value.matches("0|[1-9][0-9]{0,18}")
                    && (value.length() < 19 || value.compareTo(Long.toString(Long.MAX_VALUE)) <= 0);
            case 'h' -> value.matches("[0-9a-f]{64}");
            case 'k' -> value.matches("[0-9a-f]{32}");
            case 'u' -> value.matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
            case 'w' -> value.matches("[a-z]+");
            // 64 bytes leave four bits, 44 bytes two, that must be 0; all Ed25519 keys begin in the same way.
            case 's' -> value.matches("[A-Za-z0-9+/]{85}[AQgw]==");
            case 'p' -> value.matches("MCowBQYDK2VwAyEA[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=");
            default -> throw new IllegalArgumentException("no such form: " + form);
        };
    }

    String get(String name) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(name)) {
                return values[i];
            }
        }
        throw new IllegalArgumentException("no such field: " + name);
    }

    long number(String name) {
        return Long.parseLong(get(name));
    }

    /** The SHA-256 of the line, by which the next one names it. */
    String hash() {
        return sha256(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** True if field {@code name} is the signature of all before {@code " sig="} by a key, DER of a SubjectPublicKeyInfo. */
    boolean isSigned(String name, byte[] der) {
        byte[] message = text.substring(0, text.indexOf(" sig=")).getBytes(StandardCharsets.US_ASCII);
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der)));
            ed25519.update(message);
            return ed25519.verify(Base64.getDecoder().decode(get(name)));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
