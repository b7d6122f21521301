// SPDX-License-Identifier: Apache-2.0
package headwater.graph.lines;

import java.util.Locale;

/** What the bytes that go into a log are. */
public enum LineFormat {
    /** Lines, each ended by a newline; of a socket that keeps messages apart, each message. */
    LINES,
    /** What syslog(3) sends, a message each: {@link SyslogMessage}. */
    SYSLOG,
    /** The journal's own protocol, a message each: {@link JournalMessage}. */
    JOURNAL,
    /** What systemd connects the standard output of services to: seven lines of header, then lines: {@link StreamHeader}. */
    STDOUT;

    /** The word of the configuration. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The format of this name, null if there is none. */
    public static LineFormat ofText(String text) {
        for (LineFormat format : values()) {
            if (format.text().equals(text)) {
                return format;
            }
        }
        return null;
    }

    /** What goes to this path unless something else is said. */
    public static LineFormat usualAt(String path) {
        return switch (path) {
            case "/dev/log", "/run/systemd/journal/dev-log" -> SYSLOG;
            case "/run/systemd/journal/socket" -> JOURNAL;
            case "/run/systemd/journal/stdout" -> STDOUT;
            default -> LINES;
        };
    }
}
