// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the dialect of inih with its default settings:
 *
 * <pre>
 *   file     --&gt; [BOM] line*                      a line ends with LF; blanks around it (and so a CR) do not count
 *   line     --&gt; blank | comment | header | pair | more
 *   comment  --&gt; (';' | '#') anything             also indented
 *   header   --&gt; '[' name ']' anything
 *   pair     --&gt; key ('=' | ':') value [inline]   at the first of both
 *   more     --&gt; blank+ value [inline]            a further value of the key before, whatever the value looks like
 *   inline   --&gt; blank ';' anything               '#' begins no inline comment, and no blank, no comment
 * </pre>
 *
 * <p>Of a further value, only the newer releases of inih take the inline comment away. Lines that inih passes over with a mere error
 * code (no separator, no closing bracket) are errors here. Reads any bytes, in time linear in their number. An instance reads one file.
 */
final class IniParser {
    /** What fgets takes into inih's buffer of 200 bytes, less the line's end. */
    static final int INIH_LINE_BYTES = 198;
    /** A path of PATH_MAX bytes, twice: what no line that is meant exceeds. */
    static final int LINE_BYTES = 8192;
    private static final String BOM = "\u00ef\u00bb\u00bf";

    private final Problems problems;
    private final List<IniFile.Header> headers = new ArrayList<>();
    private final List<IniEntry> entries = new ArrayList<>();
    private RawText section = RawText.ofLatin1("");
    private RawText key;
    private int line;

    IniParser(Problems problems) {
        this.problems = problems;
    }

    IniFile parse(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (bytes.length > IniFile.MAX_BYTES) {
            fault(0, "the file is too long for a configuration: maxBytes=" + IniFile.MAX_BYTES, "is it the right file?");
        } else if (text.startsWith("\u00ff\u00fe") || text.startsWith("\u00fe\u00ff")) {
            fault(1, "the file is UTF-16", "save it as UTF-8");
        } else {
            int from = text.startsWith(BOM) ? BOM.length() : 0;
            while (from < text.length()) {
                int end = text.indexOf('\n', from);
                end = end < 0 ? text.length() : end;
                line++;
                if (isReadable(text, from, end)) {
                    parseLine(text.substring(from, end));
                }
                from = end + 1;
            }
        }
        return new IniFile(headers, entries);
    }

    private boolean isReadable(String text, int from, int end) {
        int length = end - from;
        if (length > LINE_BYTES) {
            fault(line, "the line is too long: bytes=" + length + ", maxBytes=" + LINE_BYTES, "shorten it");
            return false;
        }
        int nul = text.indexOf('\0', from, end);
        if (nul >= 0) {
            fault(line, "the line has a NUL byte: column=" + (nul - from + 1), "remove it");
            return false;
        }
        return true;
    }

    private void parseLine(String whole) {
        String stripped = strip(whole);
        if (stripped.isEmpty() || stripped.charAt(0) == ';' || stripped.charAt(0) == '#') {
            return;
        }
        if (whole.length() > INIH_LINE_BYTES) {
            problems.add(Severity.WARNING, line, section.toString(), "", "", "the line is longer than CamFlow takes: bytes="
                    + whole.length() + ", maxBytes=" + INIH_LINE_BYTES, "here it is read whole");
        }
        if (key != null && isSpace(whole.charAt(0))) {
            continuation(stripped);
        } else if (stripped.charAt(0) == '[') {
            header(stripped);
        } else {
            pair(stripped);
        }
    }

    private void continuation(String stripped) {
        RawText value = RawText.ofLatin1(withoutComment(stripped));
        IniEntry entry = new IniEntry(section, key, value, line);
        entries.add(entry);
        int separator = find(stripped, 0, "=:");
        if (stripped.charAt(0) == '[' || separator < stripped.length() && isWord(strip(stripped.substring(0, separator)))) {
            problems.warning(entry, "an indented line is a further value of the key before",
                    "begin the line at its first column if it is to stand for itself");
        }
    }

    private void header(String stripped) {
        int end = find(stripped, 1, "]");
        if (end == stripped.length() || stripped.charAt(end) != ']') {
            fault(line, "the section's name does not end: line=" + RawText.ofLatin1(stripped), "close it with ]");
            return;
        }
        section = RawText.ofLatin1(stripped.substring(1, end));
        key = null;
        headers.add(new IniFile.Header(section, line));
        String rest = strip(stripped.substring(end + 1));
        if (!rest.isEmpty() && rest.charAt(0) != ';' && rest.charAt(0) != '#') {
            problems.add(Severity.WARNING, line, section.toString(), "", "", "what follows the section's ] is not read: rest="
                    + Problems.cut(RawText.ofLatin1(rest).toString()), "put it on a line of its own");
        }
    }

    private void pair(String stripped) {
        int separator = find(stripped, 0, "=:");
        if (separator == stripped.length() || stripped.charAt(separator) == ';') {
            fault(line, "neither a section nor key=value: line=" + RawText.ofLatin1(stripped),
                    "write key=value, or ; before a comment");
            return;
        }
        key = RawText.ofLatin1(strip(stripped.substring(0, separator)));
        RawText value = RawText.ofLatin1(withoutComment(stripped.substring(separator + 1)));
        entries.add(new IniEntry(section, key, value, line));
        if (key.isEmpty()) {
            // inih takes no line for a continuation while the key before is empty.
            key = null;
        }
    }

    private void fault(int at, String what, String next) {
        problems.add(Severity.ERROR, at, at == 0 ? "" : section.toString(), "", "", what, next);
    }

    private static String withoutComment(String value) {
        return strip(value.substring(0, find(value, 0, "")));
    }

    /** Where the first of {@code chars} or an inline comment stands; the length if neither does. */
    private static int find(String text, int from, String chars) {
        boolean afterSpace = false;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (chars.indexOf(c) >= 0 || afterSpace && c == ';') {
                return i;
            }
            afterSpace = isSpace(c);
        }
        return text.length();
    }

    private static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9');
    }

    /** isspace(3) in the C locale. */
    static boolean isSpace(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    static String strip(String text) {
        int from = 0;
        int end = text.length();
        while (from < end && isSpace(text.charAt(from))) {
            from++;
        }
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(from, end);
    }
}
