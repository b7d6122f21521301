// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time as people write it: {@code 2026-11-20T10:00:00Z}, {@code 2026-11-20T10:00}, {@code 2026-11-20}, {@code 10:00}
 * (today), {@code 90s}, {@code 15m}, {@code 2h}, {@code 3d} (ago), or {@code @1795168800} (seconds since the Unix
 * epoch).
 */
public final class TimeText {
    public static final String FORMS = "2026-11-20T10:00:00Z, 2026-11-20T10:00, 2026-11-20, 10:00, 15m (ago), @SECONDS";

    private static final Pattern AGO = Pattern.compile("([0-9]{1,9})([smhd])");
    private static final Pattern EPOCH = Pattern.compile("@([0-9]{1,10})(?:\\.([0-9]{1,9}))?");

    private TimeText() {
    }

    /**
     * Nanoseconds since the Unix epoch; a time without a zone is in the clock's. Empty if {@code text} is of no known
     * form.
     */
    public static OptionalLong parse(String text, Clock clock) {
        try {
            Instant instant = instant(text.strip(), clock);
            return OptionalLong.of(Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L),
                    instant.getNano()));
        } catch (DateTimeException | ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Nanoseconds of a duration such as {@code 90s}, {@code 500ms}, {@code 2h}; empty if {@code text} is of no known
     * form.
     */
    public static OptionalLong duration(String text) {
        try {
            return Parser.parse(text) instanceof Expression.Literal literal && literal.type() == Type.DURATION
                    ? OptionalLong.of((Long) literal.value()) : OptionalLong.empty();
        } catch (ExpressionException e) {
            return OptionalLong.empty();
        }
    }

    private static Instant instant(String text, Clock clock) {
        Matcher ago = AGO.matcher(text);
        if (ago.matches()) {
            String iso = ago.group(2).equals("d") ? "P" + ago.group(1) + "D"
                    : "PT" + ago.group(1) + ago.group(2).toUpperCase(Locale.ROOT);
            return clock.instant().minus(Duration.parse(iso));
        }
        Matcher epoch = EPOCH.matcher(text);
        if (epoch.matches()) {
            String fraction = epoch.group(2) == null ? "" : epoch.group(2);
            long nanos = Long.parseLong((fraction + "000000000").substring(0, 9));
            return Instant.ofEpochSecond(Long.parseLong(epoch.group(1)), nanos);
        }
        String iso = text.replace(' ', 'T');
        if (iso.length() <= 64 && iso.matches(".*T.*(?:Z|[+-][0-9:]+)")) {
            return OffsetDateTime.parse(iso).toInstant();
        }
        if (iso.contains("T")) {
            return LocalDateTime.parse(iso).atZone(clock.getZone()).toInstant();
        }
        if (iso.contains(":")) {
            return LocalTime.parse(iso).atDate(LocalDate.now(clock)).atZone(clock.getZone()).toInstant();
        }
        return LocalDate.parse(iso).atStartOfDay(clock.getZone()).toInstant();
    }
}
