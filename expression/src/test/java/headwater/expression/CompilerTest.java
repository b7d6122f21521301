// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompilerTest {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-20T12:00:00Z"), ZoneOffset.UTC);

    private static boolean ask(String text, Thing thing) throws ExpressionException {
        return Compiler.filter(text, Scope.of(Thing.FIELDS), CLOCK).test(thing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path == '/srv/a.txt'", "path = \"/srv/a.txt\" AND NOT size < 5",
            "size > 10MB && size < 10MiB",
        "size in [1, 10000001]", "path in ['b', '/srv/a.txt']", "'x' in names",
        "path.startsWith('/srv/') && path.endsWith('.txt')",
        "path STARTS WITH '/srv' and path CONTAINS 'a.' and path ENDS WITH 'txt'",
        "path.matches('^/s.v/[a-z]\\\\.txt$')", "path =~ 'a.txt'",
        "path.glob('/srv/*') && path.glob('*.txt') && path.glob('/**') && !path.glob('/*')",
        "path.glob('/**/[a-c].tx?')",
        "size(path) == 10 && size(names) == 2 && names.size() == 2", "open", "!(!open)",
        "open ? size == 10000001 : false",
        "time == timestamp('2026-11-20T10:00:00Z')", "time == '2026-11-20T10:00:00Z'", "now() - time == 2h",
        "time > now() - duration('3h')",
        "time + 2h == now()", "parent.path == '/srv' && parent.parent.path == null",
        "path != null && path IS NOT NULL && has(path)",
        "1 + 2 * 3 == 7 && (1 + 2) * 3 == 9 && 7 / 2 == 3 && 7 % 2 == 1 && -7 + 7 == 0",
        "2 * 15m == 30m && 1h / 15m == 4", "'a' + 'b' == 'ab'",
        "size > 1 || path.contains('nowhere')", "path < '/t' && path >= '/srv'", "lower('ÄB') == 'äb'", "0x10 == 16",
        "size <> 3",
        "1 / 0 == null && 9223372036854775807 + 1 == null", "path == '/srv/a.txt' // as it is called"})
    void shouldBeTrue(String text) throws ExpressionException {
        assertTrue(ask(text, Thing.ONE), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path == 'x'", "size > 0", "size <= 0", "time > '2020-01-01'", "path.contains('')",
            "path.glob('**')", "size in [0]",
        "'x' in names", "open", "path < 'x'", "parent.open", "parent.path == 'x'", "path == path", "has(size)",
        "size + 1 > 0", "age < 1s"})
    void shouldBeFalseOfWhatIsUnknown(String text) throws ExpressionException {
        assertEquals(false, ask(text, Thing.UNKNOWN), text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"path != 'x'", "!(path == 'x')", "size == null", "path IS NULL", "parent.size == null",
            "!(size > 0)"})
    void shouldBeTrueOfWhatIsUnknown(String text) throws ExpressionException {
        assertTrue(ask(text, Thing.UNKNOWN), text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "pth == 'x'                 | 0  | unknown name: pth, did you mean path?",
        "path == 3                  | 5  | == compares a string with a number",
        "size == '3'                | 5  | write the number without quotes",
        "path                       | 0  | true or false is wanted, this is a string: compare it with something, such as path == \"…\"",
        "path.startWith('x')        | 5  | unknown function: startWith, did you mean startsWith?",
        "parent.pat == 'x'          | 7  | a thing has no field pat, did you mean path?",
        "size.x == 1                | 5  | size is a number and has no fields",
        "path == 'x                 | 8  | this string has no end: close it with '",
        "path == 'x' &              | 12 | unexpected character: &, did you mean &&?",
        "size > 10XB                | 7  | unknown unit: XB, want one of B KB KiB",
        "size > 1.5                 | 7  | numbers have no fraction here",
        "(size > 1                  | 9  | the text ends here: want )",
        "size > 1 size              | 9  | unexpected size: want an operator",
        "1 < 2 < 3                  | 6  | comparisons are not chained: write a < b && b < c",
        "path.matches('(')          | 13 | not a regular expression (RE2): missing closing )",
        "path.matches('(?=x)')      | 13 | not a regular expression (RE2)",
        "path.matches(path)         | 13 | matches wants a string in quotes here",
        "time > 'yesterday'         | 7  | not a time: \"yesterday\"",
        "path in 'abc'              | 5  | for a part of a string use s.contains(\"…\")",
        "[1, 'a'] == null           | 4  | a list holds either strings or numbers",
        "size > 99999999999999999999| 7  | not a number of 64 bits",
        "size >                     | 6  | the text ends here: want a value",
        "open ? 1 : 'a'             | 5  | both sides of : have to be of one type",
        "path && open               | 0  | true or false is wanted"})
    void shouldSayWhereAndWhat(String text, int at, String reason) {
        ExpressionException e = assertThrows(ExpressionException.class, () -> ask(text, Thing.ONE));
        assertTrue(e.reason().contains(reason), e.getMessage());
        assertEquals(at, e.at(), e.getMessage());
        String[] lines = e.getMessage().split("\n");
        assertEquals(3, lines.length, e.getMessage());
        assertEquals(2 + at, lines[2].indexOf('^'), e.getMessage());
    }

    @Test
    void shouldBoundDepthAndLength() {
        ExpressionException deep = assertThrows(ExpressionException.class, () -> Parser.parse("(".repeat(100) + "1"
                + ")".repeat(100)));
        assertTrue(deep.getMessage().contains("too deeply nested: max=60"), deep.getMessage());
        ExpressionException not = assertThrows(ExpressionException.class,
                () -> Parser.parse("!".repeat(5000) + "open"));
        assertTrue(not.getMessage().contains("too deeply nested"), not.getMessage());
        ExpressionException parts = assertThrows(ExpressionException.class,
                () -> Parser.parse("1" + "+1".repeat(3000)));
        assertTrue(parts.getMessage().contains("too long: parts="), parts.getMessage());
        ExpressionException length = assertThrows(ExpressionException.class, () -> Parser.parse(" ".repeat(20_000)));
        assertTrue(length.getMessage().contains("too long: characters=20000, max=16384"), length.getMessage());
    }

    @Test
    void shouldTakeLinearTimeForAnyPattern() throws ExpressionException {
        String path = "a".repeat(50_000);
        Thing thing = new Thing(path, 1, 1, true, null, null);
        var filter = Compiler.filter("path.matches('^(a+)+$') || path.matches('(a|aa)*b') || path.glob('"
                + "*a".repeat(40) + "b')",
                Scope.of(Thing.FIELDS), CLOCK);
        assertTimeout(Duration.ofSeconds(10), () -> assertTrue(filter.test(thing)));
    }
}
