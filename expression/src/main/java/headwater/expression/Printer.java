// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import headwater.expression.Expression.Argument;
import headwater.expression.Expression.Binary;
import headwater.expression.Expression.Call;
import headwater.expression.Expression.Conditional;
import headwater.expression.Expression.Literal;
import headwater.expression.Expression.Name;
import headwater.expression.Expression.Row;
import headwater.expression.Expression.Select;
import headwater.expression.Expression.Unary;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Writes expressions as text, in CEL's spelling, with no more parentheses than are needed; what it writes is read as
 * the same tree.
 */
public final class Printer {
    private static final int CONDITIONAL = 0;
    private static final int UNARY = 6;
    private static final int MEMBER = 7;

    private Printer() {
    }

    public static String print(Expression expression) {
        return print(expression, CONDITIONAL);
    }

    /** A string as a literal, in double quotes. */
    public static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default -> {
                    if (Character.isISOControl(c) || Character.isSurrogate(c) && !isPair(value, i)) {
                        text.append(String.format("\\u%04x", (int) c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        return text.append('"').toString();
    }

    private static boolean isPair(String value, int at) {
        return Character.isHighSurrogate(value.charAt(at)) ? at + 1 < value.length()
                && Character.isLowSurrogate(value.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    }

    private static String print(Expression expression, int around) {
        int own = strength(expression);
        String text = switch (expression) {
            case Literal literal -> literal(literal);
            case Row row -> row.items().stream().map(Printer::print).collect(Collectors.joining(", ", "[", "]"));
            case Name name -> name(name.name());
            case Select select -> print(select.of(), MEMBER) + "." + name(select.field());
            case Call call -> (call.of() == null ? "" : print(call.of(), MEMBER) + ".") + name(call.name())
                    + arguments(call.arguments());
            case Unary unary -> unary.operator() + print(unary.of(), UNARY);
            case Binary binary -> print(binary.left(), own == 3 ? own + 1 : own) + " " + binary.operator() + " "
                    + print(binary.right(), own + 1);
            case Conditional c -> print(c.test(), CONDITIONAL + 1) + " ? " + print(c.yes(), CONDITIONAL) + " : "
                    + print(c.no(), CONDITIONAL);
        };
        return own < around ? "(" + text + ")" : text;
    }

    private static String arguments(List<Argument> arguments) {
        boolean distinct = !arguments.isEmpty() && "distinct".equals(arguments.getFirst().name());
        return arguments.stream().map(a -> (a.name() == null || distinct ? "" : name(a.name()) + ": ")
                + (a.value() instanceof Name n && n.name().equals("*") ? "*" : print(a.value())))
                .collect(Collectors.joining(", ", distinct ? "(DISTINCT " : "(", ")"));
    }

    private static String literal(Literal literal) {
        return switch (literal.type()) {
            case STRING -> quoted((String) literal.value());
            case DURATION -> duration((Long) literal.value());
            default -> String.valueOf(literal.value());
        };
    }

    /** In the largest unit that it is a whole number of. */
    static String duration(long ns) {
        String unit = "ns";
        for (String larger : Units.DURATIONS.keySet()) {
            if (ns % Units.DURATIONS.get(larger) == 0 && ns != 0) {
                unit = larger;
            }
        }
        return ns / Units.DURATIONS.get(unit) + unit;
    }

    private static String name(String name) {
        boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_]*") && !name.toLowerCase(Locale.ROOT)
                .matches("true|false|null")
                && !Parser.isReserved(new Token(Token.Kind.NAME, name, 0, 0, name.length()));
        return plain ? name : "`" + name + "`";
    }

    private static int strength(Expression expression) {
        return switch (expression) {
            case Conditional c -> CONDITIONAL;
            case Binary binary -> switch (binary.operator()) {
                case "||" -> 1;
                case "&&" -> 2;
                case "+", "-" -> 4;
                case "*", "/", "%" -> 5;
                default -> 3;
            };
            case Unary unary -> UNARY;
            case Literal literal -> literal.value() instanceof Long number && number < 0 ? UNARY : MEMBER + 1;
            default -> MEMBER + 1;
        };
    }
}
