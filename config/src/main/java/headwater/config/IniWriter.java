// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes sections and keys so that {@link IniParser}, and inih, read the same. The dialect has no way to write some values (a
 * newline within, a blank at an end, a semicolon after a blank); each of these becomes a comment, and is told.
 */
final class IniWriter {
    private static final char MINUS = '\u2212';

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final List<String> leftOut = new ArrayList<>();

    /** @param leftOut what could not be written, a line each */
    record Written(byte[] bytes, List<String> leftOut) {
    }

    /** @param comment the first line; no newline in it */
    static Written write(String comment, List<Setting.Section> sections) {
        IniWriter writer = new IniWriter();
        writer.line(RawText.of(';' + comment));
        for (Setting.Section section : sections) {
            // CamFlow's headers stand there even if they are empty, as its own command writes them.
            if (section.origin() == Origin.CAMFLOW || !section.isEmpty()) {
                writer.section(section);
            }
        }
        return new Written(writer.out.toByteArray(), List.copyOf(writer.leftOut));
    }

    private void section(Setting.Section section) {
        boolean minus = section.name().startsWith("ipv4-");
        out.write('\n');
        line(RawText.of('[' + (minus ? section.name().replace('-', MINUS) : section.name()) + ']'));
        for (Setting setting : section.settings()) {
            for (RawText value : setting.values()) {
                if (isWritable(setting.key(), value)) {
                    line(RawText.ofLatin1(setting.key() + '=' + value.latin1()));
                } else {
                    String shown = Problems.cut(value.toString());
                    leftOut.add("[" + section.name() + "] " + setting.key() + "=" + shown);
                    line(RawText.of("; in effect, but not to be written in this syntax: " + setting.key() + "=" + shown));
                }
            }
        }
    }

    private void line(RawText text) {
        out.writeBytes(text.bytes());
        out.writeBytes("\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** True if a reader gets {@code value} back. */
    static boolean isWritable(String key, RawText value) {
        String text = value.latin1();
        if (text.isEmpty() || text.length() + key.length() + 1 > IniParser.LINE_BYTES || text.indexOf('\n') >= 0
                || text.indexOf('\0') >= 0 || !IniParser.strip(text).equals(text)) {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == ';' && IniParser.isSpace(text.charAt(i - 1))) {
                return false;
            }
        }
        return true;
    }
}
