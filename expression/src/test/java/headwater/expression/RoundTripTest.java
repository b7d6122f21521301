// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.expression.Expression.Argument;
import headwater.expression.Expression.Binary;
import headwater.expression.Expression.Call;
import headwater.expression.Expression.Conditional;
import headwater.expression.Expression.Literal;
import headwater.expression.Expression.Name;
import headwater.expression.Expression.Row;
import headwater.expression.Expression.Select;
import headwater.expression.Expression.Unary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is printed is read again as the same tree; whatever the text, it is read or refused with a place. */
class RoundTripTest {
    private static final String[] OPERATORS = {"&&", "||", "==", "!=", "<", "<=", ">", ">=", "in", "+", "-", "*", "/",
            "%"};
    private static final String[] PIECES = {"path", "size", "(", ")", "&&", "||", "==", "!", "-", "'x'", "\"\\n\"",
            "10MB", "15m", "[", "]", ",",
        ".", "startsWith", "IN", "NOT", "IS NULL", "?", ":", "{", "now()", "0x1f", "`a b`", "\\", "é", "\u0000",
        "matches('a*')", "true", "..", "/"};

    @Test
    void shouldReadWhatItPrints() throws ExpressionException {
        long seed = System.nanoTime();
        System.out.println("RoundTripTest seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Expression made = make(random, 4);
            String text = Printer.print(made);
            Expression read = Parser.parse(text);
            assertEquals(shape(made), shape(read), text);
            assertEquals(text, Printer.print(read));
        }
    }

    @Test
    void shouldSurviveAnyMixOfWords() {
        long seed = System.nanoTime();
        System.out.println("RoundTripTest seed=" + seed);
        Random random = new Random(seed);
        int read = 0;
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]).append(random.nextInt(4) == 0 ? "" : " ");
            }
            read += readsOrSaysWhere(text.toString()) ? 1 : 0;
        }
        assertTrue(read > 100, "too few were read to show anything: " + read);
    }

    @FuzzTest
    void readsOrRefuses(byte[] bytes) {
        readsOrSaysWhere(new String(bytes, StandardCharsets.UTF_8));
        readsOrSaysWhere(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private static boolean readsOrSaysWhere(String text) {
        try {
            Expression expression = Parser.parse(text);
            assertEquals(shape(expression), shape(Parser.parse(Printer.print(expression))), text);
            Code<Thing> code = new Compiler<>(text, Scope.of(Thing.FIELDS), CompilerTest.CLOCK).compile(expression);
            for (Thing thing : List.of(Thing.ONE, Thing.UNKNOWN)) {
                code.value(thing);
            }
            return true;
        } catch (ExpressionException e) {
            assertTrue(e.at() >= 0 && e.at() <= text.length() && !e.reason().isBlank(), text);
            assertEquals(3, e.getMessage().split("\n", -1).length, e.getMessage());
            return false;
        }
    }

    private static Expression make(Random random, int depth) {
        return switch (random.nextInt(depth <= 0 ? 3 : 10)) {
            case 0 -> literal(random);
            case 1 -> new Name(0, name(random));
            case 2 -> new Select(0, new Name(0, name(random)), name(random));
            case 3 -> new Unary(0, "!", make(random, depth - 1));
            case 4 -> new Unary(0, "-", new Name(0, name(random)));
            case 5 -> new Conditional(0, make(random, depth - 1), make(random, depth - 1), make(random, depth - 1));
            case 6 -> {
                List<Expression> items = new ArrayList<>();
                for (int n = random.nextInt(3); n > 0; n--) {
                    items.add(make(random, depth - 2));
                }
                yield new Row(0, items);
            }
            case 7 -> new Call(0, random.nextBoolean() ? null : make(random, depth - 1), name(random),
                    List.of(new Argument(random.nextBoolean() ? "until" : null, make(random, depth - 1))));
            default -> new Binary(0, OPERATORS[random.nextInt(OPERATORS.length)], make(random, depth - 1),
                    make(random, depth - 1));
        };
    }

    private static String name(Random random) {
        return new String[] {"path", "a", "not", "two words", "IN", "null", "x_1"}[random.nextInt(7)];
    }

    private static Literal literal(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> new Literal(0, Type.INT, random.nextLong() >> random.nextInt(63));
            case 1 -> new Literal(0, Type.DURATION, (random.nextLong() >> 1 >> random.nextInt(60)));
            case 2 -> new Literal(0, Type.BOOL, random.nextBoolean());
            case 3 -> new Literal(0, Type.NULL, null);
            default -> new Literal(0, Type.STRING, random.ints(random.nextInt(6), 0, 300)
                    .mapToObj(c -> String.valueOf((char) c))
                    .collect(Collectors.joining()));
        };
    }

    /** The tree without places. */
    private static String shape(Expression expression) {
        return switch (expression) {
            case Literal l -> l.type() + ":" + l.value();
            case Name n -> "name(" + n.name() + ")";
            case Select s -> "select(" + shape(s.of()) + "," + s.field() + ")";
            case Row r -> r.items().stream().map(RoundTripTest::shape).toList().toString();
            case Call c -> "call(" + (c.of() == null ? "" : shape(c.of())) + "," + c.name() + ","
                    + c.arguments().stream()
                    .map(a -> a.name() + ":" + shape(a.value())).toList() + ")";
            case Unary u -> u.operator() + "(" + shape(u.of()) + ")";
            case Binary b -> "(" + shape(b.left()) + b.operator() + shape(b.right()) + ")";
            case Conditional c -> "if(" + shape(c.test()) + "," + shape(c.yes()) + "," + shape(c.no()) + ")";
        };
    }
}
