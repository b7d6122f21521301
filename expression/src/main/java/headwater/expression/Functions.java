// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import headwater.expression.Expression.Argument;
import headwater.expression.Expression.Call;
import headwater.expression.Expression.Literal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** The functions of the language, called as {@code f(x)} or {@code x.f()}. */
final class Functions<C> {
    static final List<String> NAMES = List.of("startsWith", "endsWith", "contains", "matches", "glob", "size", "lower",
            "timestamp",
            "duration", "now", "has");
    private static final int MAX_PATTERN = 1000;

    private final Compiler<C> compiler;
    private final Call call;
    private final List<Expression> arguments = new ArrayList<>();

    Functions(Compiler<C> compiler, Call call) {
        this.compiler = compiler;
        this.call = call;
    }

    Code<C> compile() throws ExpressionException {
        if (!NAMES.contains(call.name())) {
            throw compiler.error(call, "unknown function: " + call.name() + Suggestion.of(call.name(), NAMES));
        }
        if (call.of() != null) {
            arguments.add(call.of());
        }
        for (Argument argument : call.arguments()) {
            if (argument.name() != null) {
                throw compiler.error(call, call.name() + " has no named arguments: " + argument.name());
            }
            arguments.add(argument.value());
        }
        return switch (call.name()) {
            case "startsWith" -> pair(String::startsWith);
            case "endsWith" -> pair(String::endsWith);
            case "contains" -> pair(String::contains);
            case "matches" -> matches();
            case "glob" -> glob();
            case "size" -> size();
            case "lower" -> {
                Code<C> of = string(0, 1);
                yield Code.string(c -> {
                    String value = of.string(c);
                    return value == null ? null : value.toLowerCase(Locale.ROOT);
                });
            }
            case "timestamp" -> timestamp();
            case "duration" -> duration();
            case "now" -> now();
            default -> has();
        };
    }

    private void want(int count) throws ExpressionException {
        if (arguments.size() != count) {
            throw compiler.error(call, call.name() + " wants " + (call.of() != null ? count - 1 : count) + " argument"
                    + (count == (call.of() != null ? 2 : 1) ? "" : "s") + ", has "
                    + (arguments.size() - (call.of() != null ? 1 : 0)));
        }
    }

    private Code<C> string(int index, int count) throws ExpressionException {
        want(count);
        Code<C> code = compiler.compile(arguments.get(index));
        if (code.type() != Type.STRING) {
            throw compiler.error(arguments.get(index), call.name() + " wants a string, this is " + code.type().text());
        }
        return code;
    }

    private String written(int index, int count) throws ExpressionException {
        string(index, count);
        if (arguments.get(index) instanceof Literal literal) {
            return (String) literal.value();
        }
        throw compiler.error(arguments.get(index), call.name() + " wants a string in quotes here");
    }

    private Code<C> pair(BiPredicate<String, String> test) throws ExpressionException {
        Code<C> of = string(0, 2);
        Code<C> with = string(1, 2);
        return Code.bool(c -> {
            String a = of.string(c);
            String b = with.string(c);
            return a != null && b != null && test.test(a, b);
        });
    }

    private Code<C> known(Predicate<String> test) throws ExpressionException {
        Code<C> of = string(0, 2);
        return Code.bool(c -> {
            String value = of.string(c);
            return value != null && test.test(value);
        });
    }

    private Code<C> matches() throws ExpressionException {
        String regex = written(1, 2);
        if (regex.length() > MAX_PATTERN) {
            throw compiler.error(arguments.get(1), "pattern too long: characters=" + regex.length() + ", max="
                    + MAX_PATTERN);
        }
        try {
            Pattern pattern = Pattern.compile(regex);
            return known(value -> pattern.matcher(value).find());
        } catch (PatternSyntaxException e) {
            throw compiler.error(arguments.get(1), "not a regular expression (RE2): " + e.getDescription() + ": "
                    + e.getPattern());
        }
    }

    private Code<C> glob() throws ExpressionException {
        String pattern = written(1, 2);
        if (pattern.length() > MAX_PATTERN) {
            throw compiler.error(arguments.get(1), "pattern too long: characters=" + pattern.length() + ", max="
                    + MAX_PATTERN);
        }
        Glob glob = Glob.of(pattern);
        return known(glob::matches);
    }

    private Code<C> size() throws ExpressionException {
        want(1);
        Code<C> of = compiler.compile(arguments.getFirst());
        return switch (of.type()) {
            case STRING -> Code.number(Type.INT, c -> {
                String value = of.string(c);
                return value == null ? Code.UNKNOWN : value.codePointCount(0, value.length());
            });
            case STRINGS, INTS -> Code.number(Type.INT, c -> {
                List<?> value = of.list(c);
                return value == null ? Code.UNKNOWN : value.size();
            });
            default -> throw compiler.error(arguments.getFirst(), "size is of strings and lists, this is "
                    + of.type().text());
        };
    }

    private Code<C> timestamp() throws ExpressionException {
        long time = compiler.time(arguments.isEmpty() ? call : arguments.getFirst(), written(0, 1));
        return Code.number(Type.TIME, c -> time);
    }

    private Code<C> duration() throws ExpressionException {
        String text = written(0, 1);
        if (Parser.parse(text.isBlank() ? "0" : text) instanceof Literal literal && literal.type() == Type.DURATION) {
            long ns = (Long) literal.value();
            return Code.number(Type.DURATION, c -> ns);
        }
        throw compiler.error(arguments.getFirst(), "not a duration: " + Printer.quoted(text)
                + ", want such as \"15m\", \"90s\", \"3d\"");
    }

    private Code<C> now() throws ExpressionException {
        want(0);
        Instant instant = compiler.clock().instant();
        long now = instant.getEpochSecond() * 1_000_000_000L + instant.getNano();
        return Code.number(Type.TIME, c -> now);
    }

    private Code<C> has() throws ExpressionException {
        want(1);
        Code<C> of = compiler.compile(arguments.getFirst());
        return Code.bool(of::known);
    }
}
