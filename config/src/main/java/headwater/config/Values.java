// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads single values, and says what is the matter with those that it cannot read. */
final class Values {
    private final Problems problems;

    Values(Problems problems) {
        this.problems = problems;
    }

    /** CamFlow's boolean: true for the text {@code true}, false for all else. */
    boolean bool(IniEntry entry) {
        String text = entry.value().latin1();
        if (!text.equals("true") && !text.equals("false")) {
            problems.warning(entry, "neither true nor false",
                    "it is taken as false, as CamFlow takes it; " + (text.equals("true;")
                            ? "`camflow -c` writes this semicolon: remove it to mean true" : "write true or false"));
        }
        return text.equals("true");
    }

    /** A whole number in decimal digits; empty with an error if it is none, or out of range. */
    OptionalLong number(IniEntry entry, long min, long max) {
        String text = entry.value().latin1();
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            problems.error(entry, "not a whole number", "write one from " + min + " to " + max);
            return OptionalLong.empty();
        }
        long number = Long.parseLong(text);
        if (number < min || number > max) {
            problems.error(entry, "out of range", "write a number from " + min + " to " + max);
            return OptionalLong.empty();
        }
        return OptionalLong.of(number);
    }

    /** One of {@code words}; empty with an error if it is none. */
    Optional<String> word(IniEntry entry, Collection<String> words) {
        String text = entry.value().toString();
        if (words.contains(text)) {
            return Optional.of(text);
        }
        problems.error(entry, "unknown value", Nearest.of(text, words).map(near -> "did you mean " + near + "? ").orElse("")
                + "use one of " + String.join(", ", words));
        return Optional.empty();
    }

    /** What {@code parse} makes of the text; empty with an error if the bytes are no UTF-8 or {@code parse} refuses them. */
    <T> Optional<T> parsed(IniEntry entry, Function<String, T> parse) {
        return text(entry).flatMap(text -> {
            try {
                return Optional.of(parse.apply(text));
            } catch (IllegalArgumentException e) {
                String[] parts = e.getMessage().split("; ", 2);
                problems.error(entry, parts[0], parts.length > 1 ? parts[1] : "mend it");
                return Optional.empty();
            }
        });
    }

    /** The text; empty with an error if the bytes are no UTF-8. */
    Optional<String> text(IniEntry entry) {
        String text = entry.value().utf8();
        if (text == null) {
            problems.error(entry, "not UTF-8", "save the file as UTF-8");
        }
        return Optional.ofNullable(text);
    }

    /** A path that has to be absolute; empty with an error if it is not. */
    Optional<RawText> absolute(IniEntry entry) {
        if (entry.value().startsWith("/")) {
            return Optional.of(entry.value());
        }
        problems.error(entry, "not an absolute path", isQuoted(entry.value()) ? "remove the quotes: they are part of the value"
                : "begin it with /");
        return Optional.empty();
    }

    static boolean isQuoted(RawText value) {
        return value.startsWith("\"") || value.startsWith("'");
    }

    /** Adds to a list, but not what it has already. */
    <T> void add(IniEntry entry, List<T> list, T value) {
        if (list.contains(value)) {
            problems.warning(entry, "the value is listed twice", "remove one of both");
        } else {
            list.add(value);
        }
    }
}
