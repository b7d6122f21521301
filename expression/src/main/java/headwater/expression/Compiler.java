// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import headwater.expression.Expression.Binary;
import headwater.expression.Expression.Call;
import headwater.expression.Expression.Conditional;
import headwater.expression.Expression.Literal;
import headwater.expression.Expression.Name;
import headwater.expression.Expression.Row;
import headwater.expression.Expression.Select;
import headwater.expression.Expression.Unary;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Checks an expression against what its names mean, and makes code of it.
 *
 * <p><b>Unknown.</b> A thing may lack a field: {@code x == y} is true only if both are known and equal, {@code x != y}
 * is always the contrary of {@code x == y}, and every other comparison, and every function, of something unknown is
 * false or unknown itself. {@code x == null} asks whether it is unknown. {@code !} turns true into false and false into
 * true, nothing else; so there are no more than two answers.
 *
 * @param <C> what the code is asked of
 */
public final class Compiler<C> {
    private final String text;
    private final Scope<C> scope;
    private final Clock clock;

    /**
     * @param text the text that the expression was read from, for messages
     * @param clock for {@code now()} and times without a date or zone
     */
    public Compiler(String text, Scope<C> scope, Clock clock) {
        this.text = text;
        this.scope = scope;
        this.clock = clock;
    }

    /** Reads and compiles a text that must say true or false. */
    public static <C> Predicate<C> filter(String text, Scope<C> scope, Clock clock) throws ExpressionException {
        Code<C> code = new Compiler<>(text, scope, clock).condition(Parser.parse(text));
        return code::test;
    }

    /** Compiles what must say true or false. */
    public Code<C> condition(Expression expression) throws ExpressionException {
        Code<C> code = compile(expression);
        if (code.type() != Type.BOOL) {
            throw error(expression, "true or false is wanted, this is " + code.type().text()
                    + (expression instanceof Name || expression instanceof Select
                    ? ": compare it with something, such as "
                            + Printer.print(expression) + (code.type() == Type.STRING ? " == \"…\""
                            : code.type().isNumeric() ? " > 0"
                                    : " != null") : ""));
        }
        return code;
    }

    /** Compiles any expression. */
    public Code<C> compile(Expression expression) throws ExpressionException {
        return switch (expression) {
            case Literal literal -> literal(literal);
            case Row row -> row(row);
            case Name name -> name(name);
            case Select select -> select(select);
            case Call call -> new Functions<>(this, call).compile();
            case Unary unary -> unary(unary);
            case Binary binary -> switch (binary.operator()) {
                case "&&", "||" -> logic(binary);
                case "in" -> in(binary);
                case "+", "-", "*", "/", "%" -> Arithmetic.of(this, binary);
                default -> comparison(binary);
            };
            case Conditional conditional -> conditional(conditional);
        };
    }

    ExpressionException error(Expression at, String reason) {
        return new ExpressionException(text, at.at(), reason);
    }

    Clock clock() {
        return clock;
    }

    /** Nanoseconds since the Unix epoch of a time that is written as a string. */
    long time(Expression at, String written) throws ExpressionException {
        return TimeText.parse(written, clock).orElseThrow(() -> error(at, "not a time: " + Printer.quoted(written)
                + ", want="
                + TimeText.FORMS));
    }

    private Code<C> literal(Literal literal) {
        Object value = literal.value();
        return switch (literal.type()) {
            case NULL -> Code.nothing();
            case BOOL -> {
                boolean truth = (Boolean) value;
                yield Code.bool(c -> truth);
            }
            case STRING -> Code.string(c -> (String) value);
            default -> {
                long number = (Long) value;
                yield Code.number(literal.type(), c -> number);
            }
        };
    }

    private Code<C> row(Row row) throws ExpressionException {
        List<String> strings = new ArrayList<>();
        List<Long> numbers = new ArrayList<>();
        for (Expression item : row.items()) {
            switch (item) {
                case Literal literal when literal.value() instanceof String string -> strings.add(string);
                case Literal literal when literal.value() instanceof Long number -> numbers.add(number);
                default -> throw error(item, "a list holds strings or numbers as they are written");
            }
            if (!strings.isEmpty() && !numbers.isEmpty()) {
                throw error(item, "a list holds either strings or numbers");
            }
        }
        return numbers.isEmpty() ? Code.strings(c -> strings) : Code.ints(c -> numbers);
    }

    private Code<C> name(Name name) throws ExpressionException {
        Code<C> code = scope.name(name.name());
        if (code == null) {
            throw error(name, "unknown name: " + name.name() + Suggestion.of(name.name(), scope.names())
                    + scope.hint());
        }
        return code;
    }

    private Code<C> select(Select select) throws ExpressionException {
        Code<C> of = compile(select.of());
        if (of.type() != Type.THING) {
            throw error(select, Printer.print(select.of()) + " is " + of.type().text() + " and has no fields");
        }
        Code<C> code = of.select(select.field());
        if (code == null) {
            throw error(select, of.fields().what() + " has no field " + select.field()
                    + Suggestion.of(select.field(), of.fields().names()));
        }
        return code;
    }

    private Code<C> unary(Unary unary) throws ExpressionException {
        if (unary.operator().equals("!")) {
            Code<C> of = condition(unary.of());
            return Code.bool(c -> !of.test(c));
        }
        Code<C> of = compile(unary.of());
        if (of.type() != Type.INT && of.type() != Type.DURATION) {
            throw error(unary, "- wants a number or a duration, this is " + of.type().text());
        }
        return Code.number(of.type(), c -> -of.number(c));
    }

    private Code<C> logic(Binary binary) throws ExpressionException {
        Code<C> left = condition(binary.left());
        Code<C> right = condition(binary.right());
        return binary.operator().equals("&&") ? Code.bool(c -> left.test(c) && right.test(c))
                : Code.bool(c -> left.test(c) || right.test(c));
    }

    private Code<C> conditional(Conditional conditional) throws ExpressionException {
        Code<C> test = condition(conditional.test());
        Code<C> yes = compile(conditional.yes());
        Code<C> no = compile(conditional.no());
        if (yes.type() != no.type() || yes.type() == Type.THING || yes.type() == Type.NULL) {
            throw error(conditional, "both sides of : have to be of one type, and are " + yes.type().text() + " and "
                    + no.type().text());
        }
        return switch (yes.type()) {
            case BOOL -> Code.bool(c -> test.test(c) ? yes.test(c) : no.test(c));
            case STRING -> Code.string(c -> test.test(c) ? yes.string(c) : no.string(c));
            case INT, TIME, DURATION -> Code.number(yes.type(), c -> test.test(c) ? yes.number(c) : no.number(c));
            default -> throw error(conditional, "lists cannot be chosen by ? :");
        };
    }

    private Code<C> in(Binary binary) throws ExpressionException {
        Code<C> item = compile(binary.left());
        Code<C> list = compile(binary.right());
        boolean fits = item.type() == Type.STRING && list.type() == Type.STRINGS || item.type() == Type.INT
                && list.type() == Type.INTS
                || list.type() == Type.STRINGS && binary.right() instanceof Row row && row.items().isEmpty();
        if (!fits) {
            throw error(binary, item.type().text() + " cannot be in " + list.type().text() + (list.type() == Type.STRING
                    ? ": for a part of a string use s.contains(\"…\")" : ": write x in [\"a\", \"b\"]"));
        }
        return Code.bool(c -> {
            List<?> all = list.list(c);
            Object one = all == null || all.isEmpty() ? null : item.value(c);
            return one != null && all.contains(one);
        });
    }

    private Code<C> comparison(Binary binary) throws ExpressionException {
        Code<C> left = compile(binary.left());
        Code<C> right = compile(binary.right());
        boolean equality = binary.operator().equals("==") || binary.operator().equals("!=");
        if (left.type() == Type.TIME && binary.right() instanceof Literal literal
                && literal.value() instanceof String written) {
            long time = time(literal, written);
            right = Code.number(Type.TIME, c -> time);
        } else if (right.type() == Type.TIME && binary.left() instanceof Literal literal
                && literal.value() instanceof String written) {
            long time = time(literal, written);
            left = Code.number(Type.TIME, c -> time);
        }
        if (equality && (left.type() == Type.NULL || right.type() == Type.NULL)) {
            Code<C> asked = left.type() == Type.NULL ? right : left;
            return binary.operator().equals("==") ? Code.bool(c -> !asked.known(c)) : Code.bool(asked::known);
        }
        if (left.type() != right.type() || left.type() == Type.STRINGS || left.type() == Type.INTS) {
            throw error(binary, binary.operator() + " compares " + left.type().text() + " with " + right.type().text()
                    + (left.type() == Type.STRINGS || right.type() == Type.STRINGS ? ": use in"
                    : left.type() == Type.INT
                            && right.type() == Type.STRING ? ": write the number without quotes" : ""));
        }
        if (equality) {
            Predicate<C> equal = equal(left, right);
            return binary.operator().equals("==") ? Code.bool(equal) : Code.bool(equal.negate());
        }
        if (left.type() == Type.STRING) {
            return strings(binary.operator(), left, right);
        }
        if (!left.type().isNumeric()) {
            throw error(binary, binary.operator() + " does not order " + left.type().text());
        }
        return numbers(binary.operator(), left, right);
    }

    private static <C> Predicate<C> equal(Code<C> left, Code<C> right) {
        return switch (left.type()) {
            case BOOL -> c -> left.test(c) == right.test(c);
            case INT, TIME, DURATION -> c -> {
                long value = left.number(c);
                return value != Code.UNKNOWN && value == right.number(c);
            };
            default -> c -> {
                Object value = left.value(c);
                return value != null && value.equals(right.value(c));
            };
        };
    }

    private static <C> Code<C> strings(String operator, Code<C> left, Code<C> right) {
        return Code.bool(c -> {
            String a = left.string(c);
            String b = right.string(c);
            return a != null && b != null && holds(operator, a.compareTo(b));
        });
    }

    private static boolean holds(String operator, int order) {
        boolean strict = operator.length() == 1;
        int signed = operator.charAt(0) == '<' ? -order : order;
        return strict ? signed > 0 : signed >= 0;
    }

    private static <C> Code<C> numbers(String operator, Code<C> left, Code<C> right) {
        return Code.bool(c -> {
            long a = left.number(c);
            long b = right.number(c);
            return a != Code.UNKNOWN && b != Code.UNKNOWN && holds(operator, Long.compare(a, b));
        });
    }
}
