// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Iterator;

/** Path names as records hold them, made into text: one char for each byte. */
final class PathText {
    private PathText() {
    }

    /** The bytes, up to the first NUL if there is one. */
    static String string(MemorySegment from, long at, int length) {
        String bytes = bytes(from, at, length);
        int end = bytes.indexOf('\0');
        return end < 0 ? bytes : bytes.substring(0, end);
    }

    /** All the bytes. */
    static String bytes(MemorySegment from, long at, int length) {
        byte[] copy = new byte[length];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at, copy, 0, length);
        return new String(copy, StandardCharsets.ISO_8859_1);
    }

    /**
     * Components from the last to the first, each ended by a NUL, as a path.
     *
     * @param rooted true if the first is in the root directory; false leaves out the leading slash
     */
    static String ofComponents(MemorySegment from, long at, int length, boolean rooted) {
        String bytes = bytes(from, at, length);
        StringBuilder path = new StringBuilder(length + 1);
        int end = bytes.endsWith("\0") ? length - 1 : length;
        while (end >= 0 && length > 0) {
            int start = end == 0 ? 0 : bytes.lastIndexOf('\0', end - 1) + 1;
            path.append('/').append(bytes, start, end);
            end = start - 1;
        }
        if (path.isEmpty()) {
            return rooted ? "/" : "";
        }
        return rooted ? path.toString() : path.substring(1);
    }

    /**
     * {@code path} as seen from {@code directory}, without {@code .}, {@code ..} and empty components; if it is absolute, the
     * directory is the caller's root, and nothing leads out of it.
     */
    static String resolve(String directory, String path) {
        if (path.startsWith("/")) {
            String within = plain(path);
            return directory.length() < 2 ? within : within.equals("/") ? directory : directory + within;
        }
        return plain(directory + "/" + path);
    }

    private static String plain(String whole) {
        ArrayDeque<String> kept = new ArrayDeque<>();
        int start = 0;
        while (start <= whole.length()) {
            int slash = whole.indexOf('/', start);
            int end = slash < 0 ? whole.length() : slash;
            String component = whole.substring(start, end);
            if (component.equals("..")) {
                kept.pollLast();
            } else if (!component.isEmpty() && !component.equals(".")) {
                kept.addLast(component);
            }
            start = end + 1;
        }
        StringBuilder text = new StringBuilder(whole.length());
        for (Iterator<String> i = kept.iterator(); i.hasNext();) {
            text.append('/').append(i.next());
        }
        return text.isEmpty() ? "/" : text.toString();
    }
}
