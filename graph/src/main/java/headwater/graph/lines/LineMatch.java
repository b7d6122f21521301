// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.nio.charset.StandardCharsets;

/** Which file a line is about. */
public final class LineMatch {
    private LineMatch() {
    }

    /**
     * True if a line that names {@code about} is about the file of this name: whole, or from some directory on. What a request has behind
     * its path ({@code ?…}, {@code #…}) does not count.
     *
     * @param name one byte to a char; null if the object has none
     */
    public static boolean isAbout(String name, String about) {
        if (name == null || about == null) {
            return false;
        }
        String bytes = new String(about.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int end = 0;
        while (end < bytes.length() && bytes.charAt(end) != '?' && bytes.charAt(end) != '#') {
            end++;
        }
        return endsWith(name, bytes) || endsWith(name, bytes.substring(0, end)) || endsWith(name, decoded(bytes.substring(0, end)));
    }

    private static boolean endsWith(String name, String about) {
        if (about.isEmpty() || about.endsWith("/")) {
            return false;
        }
        return name.equals(about) || name.endsWith(about.startsWith("/") ? about : "/" + about);
    }

    /** Without the percent signs of a URL. */
    private static String decoded(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = high < 0 ? -1 : Character.digit(text.charAt(i + 2), 16);
            if (low >= 0) {
                plain.append((char) (high << 4 | low));
                i += 2;
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
