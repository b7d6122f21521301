// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

/**
 * What is kept. Whole segments go, the oldest first, as soon as one of the bounds says so.
 *
 * @param ageNs how long after its newest event a segment is kept, nanoseconds; {@link #UNBOUNDED} for ever
 * @param sizeBytes how large the log may be, with its statements and what is carried; {@link #UNBOUNDED} for any size. It is reached at
 *     the cost of what is important
 * @param important what keeps a segment from going for its age alone, and all that comes after it
 * @param importantAgeNs how long it does, counted as {@code ageNs} is; no less than that
 */
public record RetentionPolicy(long ageNs, long sizeBytes, Importance important, long importantAgeNs) {
    /** No bound. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    /** Everything is kept. */
    public static final RetentionPolicy ALL = new RetentionPolicy(UNBOUNDED, UNBOUNDED);

    public RetentionPolicy {
        if (ageNs < 0 || sizeBytes < 0 || importantAgeNs < 0) {
            throw new IllegalArgumentException("retention bound below zero: ageNs=" + ageNs + ", sizeBytes=" + sizeBytes
                    + ", importantAgeNs=" + importantAgeNs);
        }
    }

    /** Nothing is more important than the rest. */
    public RetentionPolicy(long ageNs, long sizeBytes) {
        this(ageNs, sizeBytes, Importance.NONE, UNBOUNDED);
    }

    /** True if a segment whose newest event is from {@code timeNs} goes for its age, whatever it holds. */
    boolean isOld(long timeNs, long nowNs) {
        return isOlder(timeNs, nowNs, ageNs) && (important == Importance.NONE || isOlder(timeNs, nowNs, importantAgeNs));
    }

    /** True if it goes for its age, if it holds nothing important. */
    boolean isOldUnlessImportant(long timeNs, long nowNs) {
        return isOlder(timeNs, nowNs, ageNs);
    }

    private static boolean isOlder(long timeNs, long nowNs, long ageNs) {
        return ageNs != UNBOUNDED && timeNs < nowNs - ageNs;
    }

    /**
     * A time such as {@code 30d}, {@code 12h}, {@code 90m}, {@code 45s}, {@code 2w}, {@code 1y} (365 days), in nanoseconds.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static long ageNs(String text) {
        long unit = switch (last(text)) {
            case 'y' -> 365 * 86_400L;
            case 'w' -> 7 * 86_400L;
            case 'd' -> 86_400;
            case 'h' -> 3_600;
            case 'm' -> 60;
            case 's' -> 1;
            default -> 0;
        };
        return number(text, unit == 0 ? -1 : unit * 1_000_000_000L, "age", "1y, 30d, 12h, 90m or 45s");
    }

    /**
     * A size such as {@code 20G}, {@code 500M}, {@code 1T} or {@code 4096}, in bytes; the letters are powers of 1024.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static long sizeBytes(String text) {
        long unit = switch (last(text)) {
            case 'T' -> 1L << 40;
            case 'G' -> 1L << 30;
            case 'M' -> 1L << 20;
            case 'K' -> 1L << 10;
            default -> 1;
        };
        return number(text, unit, "size", "20G, 500M, 1T or a number of bytes");
    }

    private static char last(String text) {
        return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    }

    private static long number(String text, long unit, String what, String want) {
        String digits = unit == 1 && Character.isDigit(last(text)) || text.isEmpty() ? text : text.substring(0, text.length() - 1);
        if (unit < 0 || !digits.matches("[0-9]{1,15}")) {
            throw new IllegalArgumentException("not a retention " + what + ": " + what + "=" + text + ", want " + want);
        }
        try {
            return Math.multiplyExact(Long.parseLong(digits), unit);
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("retention " + what + " is too large: " + what + "=" + text, e);
        }
    }
}
