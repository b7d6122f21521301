// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One record of the Linux audit system, as the kernel and auditd write it, or as {@code ausearch -i} shows it.
 *
 * @param type such as {@code SYSCALL}
 * @param event the node's name, time and serial number: what the records of one event share
 * @param timeNs nanoseconds since the Unix epoch
 * @param fields in their order, decoded; a name that comes twice keeps its first value
 * @param interpreted true if numbers stand as words
 */
record AuditRecord(String type, String node, String event, long timeNs, Map<String, String> fields,
        boolean interpreted) {
    private static final Pattern HEAD = Pattern.compile(
            "^(?:node=(\\S+) )?type=(\\S+) (?:msg=)?audit\\(([^()]{1,40}):([0-9]{1,20})\\) ?: ?(.*)$", Pattern.DOTALL);
    private static final Pattern DATE = Pattern.compile("([0-9]{1,4})[/-]([0-9]{1,2})[/-]([0-9]{1,4}) ([0-9:]{8})(?:\\.([0-9]{3}))?");
    private static final Set<String> TEXTS = Set.of("name", "exe", "comm", "cwd", "proctitle", "path", "key", "cmd",
            "data", "acct");
    private static final Map<String, String> NUMBERED = Map.of("1300", "SYSCALL", "1302", "PATH", "1303", "IPC", "1306",
            "SOCKADDR",
            "1307", "CWD", "1309", "EXECVE", "1320", "EOE", "1327", "PROCTITLE", "1337", "OPENAT2");
    private static final int FIELDS_MAX = 20_000;
    private static final char ENRICHED = 0x1d;

    /**
     * @return null if it is none
     */
    static AuditRecord of(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.matches()) {
            return null;
        }
        String stamp = head.group(3);
        long timeNs = Facts.parse(stamp);
        boolean interpreted = timeNs == Facts.NO_TIME;
        timeNs = interpreted ? date(stamp) : timeNs;
        if (timeNs == Facts.NO_TIME) {
            return null;
        }
        String type = NUMBERED.getOrDefault(head.group(2).replaceAll("UNKNOWN\\[([0-9]+)\\]", "$1"), head.group(2));
        String node = head.group(1) == null ? "" : head.group(1);
        Map<String, String> fields = fields(type, head.group(5), interpreted);
        return new AuditRecord(type, node, node + ' ' + stamp + ':' + head.group(4), timeNs, fields, interpreted);
    }

    /** In the order of month, day, year unless that cannot be; in this machine's time zone, as ausearch is. */
    private static long date(String stamp) {
        Matcher date = DATE.matcher(stamp);
        if (!date.matches()) {
            return Facts.NO_TIME;
        }
        int a = Integer.parseInt(date.group(1));
        int b = Integer.parseInt(date.group(2));
        int c = Integer.parseInt(date.group(3));
        int year = a > 31 ? a : c < 100 ? 2000 + c : c;
        int month = a > 31 ? b : a > 12 ? b : a;
        int day = a > 31 ? c : a > 12 ? a : b;
        try {
            String[] time = date.group(4).split(":");
            LocalDateTime at = LocalDateTime.of(year, month, day, Integer.parseInt(time[0]), Integer.parseInt(time[1]),
                    Integer.parseInt(time[2]));
            int milliseconds = date.group(5) == null ? 0 : Integer.parseInt(date.group(5));
            return Math.addExact(Math.multiplyExact(at.atZone(ZoneId.systemDefault()).toEpochSecond(), 1_000_000_000L),
                    milliseconds * 1_000_000L);
        } catch (DateTimeException | ArithmeticException | NumberFormatException | ArrayIndexOutOfBoundsException e) {
            return Facts.NO_TIME;
        }
    }

    private static Map<String, String> fields(String type, String text, boolean interpreted) {
        Map<String, String> fields = new LinkedHashMap<>();
        int at = 0;
        while (at < text.length() && fields.size() < FIELDS_MAX) {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == ENRICHED)) {
                at++;
            }
            int equals = key(text, at);
            if (equals < 0) {
                at = end(text, at);
                continue;
            }
            String key = text.substring(at, equals);
            int end = interpreted && key.equals("proctitle") ? text.length() : end(text, equals + 1);
            String value = text.substring(equals + 1, end);
            fields.putIfAbsent(key, decoded(type, key, value, interpreted));
            at = end;
        }
        return fields;
    }

    /** Where the {@code =} of the key stands that begins at {@code at}, -1 if none begins there. */
    private static int key(String text, int at) {
        int i = at;
        while (i < text.length() && (Character.isLetterOrDigit(text.charAt(i))
                || "_-[]".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i > at && i < text.length() && text.charAt(i) == '=' ? i : -1;
    }

    /** Where a value ends that begins at {@code at}: at its quote or brace, else before the next key. */
    private static int end(String text, int at) {
        if (at < text.length()) {
            char close = switch (text.charAt(at)) {
                case '"' -> '"';
                case '\'' -> '\'';
                case '{' -> '}';
                default -> 0;
            };
            int closed = close == 0 ? -1 : text.indexOf(close, at + 1);
            if (closed >= 0) {
                return closed + 1;
            }
        }
        int space = at;
        while (true) {
            space = space < text.length() ? next(text, space) : -1;
            if (space < 0) {
                return text.length();
            }
            if (text.charAt(space) == ENRICHED || space + 1 < text.length() && key(text, space + 1) >= 0) {
                return space;
            }
            space++;
        }
    }

    private static int next(String text, int from) {
        int space = text.indexOf(' ', from);
        int enriched = text.indexOf(ENRICHED, from);
        return enriched >= 0 && (space < 0 || enriched < space) ? enriched : space;
    }

    private static String decoded(String type, String key, String value, boolean interpreted) {
        String trimmed = value.stripTrailing();
        if (trimmed.length() >= 2 && (trimmed.startsWith("\"") && trimmed.endsWith("\"") || trimmed.startsWith("'")
                && trimmed.endsWith("'"))) {
            return trimmed.substring(1, trimmed.length() - 1);
        }
        boolean text = TEXTS.contains(key) || type.equals("EXECVE") && key.matches("a[0-9]+(\\[[0-9]+\\])?");
        if (text && !interpreted && trimmed.length() % 2 == 0 && !trimmed.isEmpty()
                && trimmed.chars().allMatch(HexFormat::isHexDigit)) {
            return new String(HexFormat.of().parseHex(trimmed), StandardCharsets.UTF_8).replace('\0', ' ')
                    .stripTrailing();
        }
        return trimmed;
    }

    String field(String name) {
        return fields.get(name);
    }

    /** A decimal number, {@code otherwise} if the field is none. */
    long number(String name, long otherwise) {
        String value = fields.get(name);
        int blank = value == null ? -1 : value.indexOf(' ');
        return JsonBody.parse(blank > 0 ? value.substring(0, blank) : value, otherwise);
    }
}
