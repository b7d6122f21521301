// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;

/**
 * The scalars of CamFlow's two formats, appended to a growing JSON object: bare 32-bit numbers, 64-bit numbers in
 * quotes, lower-case hexadecimal. CamFlow writes texts without escapes; here they are escaped, so that what comes out
 * is JSON.
 */
class CamflowText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("uuuu:MM:dd'T'HH:mm:ss")
            .withZone(ZoneOffset.UTC);
    private static final long UINT32 = 0xffffffffL;
    private static final long NS_PER_JIFFY = 4_000_000;
    private static final long NS_PER_SECOND = 1_000_000_000;

    private final StringBuilder text;
    private boolean first = true;
    private long dateSecond = Long.MIN_VALUE;
    private String date = "";

    CamflowText(StringBuilder text) {
        this.text = text;
    }

    /** Opens an object: the next member has no comma before it. */
    void open() {
        text.append('{');
        first = true;
    }

    void close() {
        text.append('}');
        first = false;
    }

    /** A member whose value is JSON already: a number, a word, or a quoted text without escapes. */
    CamflowText raw(String key, String json) {
        if (!first) {
            text.append(',');
        }
        first = false;
        text.append('"').append(key).append("\":").append(json);
        return this;
    }

    CamflowText uint32(String key, long value) {
        return raw(key, Long.toString(value & UINT32));
    }

    CamflowText int64(String key, long value) {
        return raw(key, '"' + Long.toString(value) + '"');
    }

    CamflowText uint64(String key, long value) {
        return raw(key, '"' + Long.toUnsignedString(value) + '"');
    }

    CamflowText hex32(String key, long value) {
        return raw(key, "\"0x" + Long.toHexString(value & UINT32) + '"');
    }

    CamflowText hex64(String key, long value) {
        return raw(key, '"' + Long.toHexString(value) + '"');
    }

    /** A member whose value is a text. */
    CamflowText string(String key, String value) {
        if (!first) {
            text.append(',');
        }
        first = false;
        text.append('"').append(key).append("\":");
        quote(text, value);
        return this;
    }

    /** As {@link #string}, but nothing at all for an empty or unknown text. */
    CamflowText known(String key, String value) {
        return value == null || value.isEmpty() ? this : string(key, value);
    }

    CamflowText bool(String key, boolean value) {
        return raw(key, value ? "\"true\"" : "\"false\"");
    }

    /** The colons within the date are CamFlow's. */
    CamflowText date(String key, long timeNs) {
        long second = Math.floorDiv(timeNs, NS_PER_SECOND);
        if (second != dateSecond) {
            dateSecond = second;
            date = '"' + DATE.format(Instant.ofEpochSecond(second)) + '"';
        }
        return raw(key, date);
    }

    /** Ticks of 4 ms since the Unix epoch: readers want a clock that only rises. */
    CamflowText jiffies(String key, long timeNs) {
        return uint64(key, timeNs / NS_PER_JIFFY);
    }

    CamflowText machine(int machine) {
        return raw("cf:machine_id", "\"cf:" + Integer.toUnsignedString(machine) + '"');
    }

    static void quote(StringBuilder text, String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        text.append("\\u00").append(HexFormat.of().toHexDigits((byte) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }
}
