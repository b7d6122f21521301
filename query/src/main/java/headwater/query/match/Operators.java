// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Code;
import headwater.expression.Compiler;
import headwater.expression.Expression;
import headwater.expression.Expression.Argument;
import headwater.expression.Expression.Binary;
import headwater.expression.Expression.Call;
import headwater.expression.Expression.Literal;
import headwater.expression.Expression.Name;
import headwater.expression.Expression.Select;
import headwater.expression.ExpressionException;
import headwater.expression.Scope;
import headwater.expression.Suggestion;
import headwater.expression.Type;
import headwater.query.Limits;
import headwater.query.Lineage.Direction;
import headwater.query.What;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Finds {@code x in ancestors(y)}, {@code x in descendants(y)} and {@code path(a, b)} in expressions, and puts a name in the place of
 * each; also Cypher's {@code id(n)}, {@code labels(n)}, {@code type(r)} and {@code length(p)}, which are fields here.
 */
final class Operators {
    private static final String USE = " in ";
    private static final String PATH = " path ";
    private static final List<String> OPTIONS = List.of("depth", "since", "until");

    private final String text;
    private final Map<String, Integer> nodes;
    private final Clock clock;
    private final List<Lineages.Use> uses = new ArrayList<>();
    private final List<Lineages.Between> paths = new ArrayList<>();

    Operators(String text, Map<String, Integer> nodes, Clock clock) {
        this.text = text;
        this.nodes = nodes;
        this.clock = clock;
    }

    List<Lineages.Use> uses() {
        return uses;
    }

    List<Lineages.Between> paths() {
        return paths;
    }

    boolean isUse(String name) {
        return name.startsWith(USE);
    }

    boolean isPath(String name) {
        return name.startsWith(PATH);
    }

    int index(String name) {
        return Integer.parseInt(name.substring(name.lastIndexOf(' ') + 1));
    }

    Expression rewrite(Expression expression) throws ExpressionException {
        return switch (expression) {
            case Binary binary when binary.operator().equals("in") && binary.right() instanceof Call call && call.of() == null
                    && isLineage(call.name()) -> use(binary, call);
            case Binary binary -> new Binary(binary.at(), binary.operator(), rewrite(binary.left()), rewrite(binary.right()));
            case Expression.Unary unary -> new Expression.Unary(unary.at(), unary.operator(), rewrite(unary.of()));
            case Expression.Conditional c -> new Expression.Conditional(c.at(), rewrite(c.test()), rewrite(c.yes()), rewrite(c.no()));
            case Select select -> new Select(select.at(), rewrite(select.of()), select.field());
            case Call call -> call(call);
            default -> expression;
        };
    }

    private static boolean isLineage(String name) {
        return name.equals("ancestors") || name.equals("descendants");
    }

    private Expression call(Call call) throws ExpressionException {
        if (call.of() == null && isLineage(call.name())) {
            throw new ExpressionException(text, call.at(), call.name() + " stands behind in: WHERE a in " + call.name() + "(f)");
        }
        if (call.of() == null && call.name().equals("path")) {
            if (call.arguments().size() != 2) {
                throw new ExpressionException(text, call.at(), "path wants two things: path(cause, effect)");
            }
            paths.add(new Lineages.Between(of(call.arguments().get(0).value()), of(call.arguments().get(1).value())));
            return new Name(call.at(), PATH + (paths.size() - 1));
        }
        String field = call.of() != null || call.arguments().size() != 1 ? "" : switch (call.name()) {
            case "id" -> "id";
            case "labels" -> "kind";
            case "type" -> "relation";
            case "length" -> "length";
            default -> "";
        };
        if (!field.isEmpty()) {
            return new Select(call.at(), rewrite(call.arguments().getFirst().value()), field);
        }
        List<Argument> arguments = new ArrayList<>();
        for (Argument argument : call.arguments()) {
            arguments.add(new Argument(argument.name(), rewrite(argument.value())));
        }
        return new Call(call.at(), call.of() == null ? null : rewrite(call.of()), call.name(), arguments);
    }

    private Expression use(Binary binary, Call call) throws ExpressionException {
        if (!(binary.left() instanceof Name item) || !nodes.containsKey(item.name())) {
            throw new ExpressionException(text, binary.left().at(), "the name of a node is wanted before in " + call.name() + "(…)"
                    + Suggestion.of(binary.left() instanceof Name name ? name.name() : "", nodes.keySet().stream()
                            .filter(name -> !name.startsWith(" ")).toList()));
        }
        if (call.arguments().isEmpty() || call.arguments().getFirst().name() != null) {
            throw new ExpressionException(text, call.at(), call.name() + " wants a node or a WHAT in quotes: " + call.name()
                    + "(\"/tmp/file\", until: \"10:00\")");
        }
        int depth = Limits.UNLIMITED;
        long since = Long.MIN_VALUE;
        long until = Long.MAX_VALUE;
        for (Argument argument : call.arguments().subList(1, call.arguments().size())) {
            String name = argument.name() == null ? "" : argument.name();
            switch (name) {
                case "depth" -> depth = Math.clamp(constant(argument.value(), Type.INT), 0, Limits.UNLIMITED);
                case "since" -> since = constant(argument.value(), Type.TIME);
                case "until" -> until = constant(argument.value(), Type.TIME);
                default -> throw new ExpressionException(text, argument.value().at(), call.name() + " has no argument "
                        + (name.isEmpty() ? "without a name here" : name) + Suggestion.of(name, OPTIONS));
            }
        }
        Direction direction = call.name().equals("ancestors") ? Direction.CAUSES : Direction.EFFECTS;
        uses.add(new Lineages.Use(nodes.get(item.name()), of(call.arguments().getFirst().value()), direction, depth, since, until));
        return new Name(binary.at(), USE + (uses.size() - 1));
    }

    private Lineages.Of of(Expression expression) throws ExpressionException {
        if (expression instanceof Name name && nodes.containsKey(name.name())) {
            return new Lineages.Of(nodes.get(name.name()), null);
        }
        if (expression instanceof Literal literal && literal.value() instanceof String what) {
            try {
                return new Lineages.Of(-1, What.parse(what));
            } catch (What.WrongWhatException e) {
                throw new ExpressionException(text, literal.at(), e.getMessage());
            }
        }
        throw new ExpressionException(text, expression.at(), "the name of a node is wanted, or a WHAT in quotes"
                + (expression instanceof Name name ? ": there is no " + name.name() : ""));
    }

    private long constant(Expression value, Type type) throws ExpressionException {
        Scope<Object> nothing = new Scope<>() {
            @Override
            public Code<Object> name(String name) {
                return null;
            }

            @Override
            public Collection<String> names() {
                return List.of();
            }
        };
        Expression typed = type == Type.TIME && value instanceof Literal literal && literal.value() instanceof String
                ? new Call(value.at(), null, "timestamp", List.of(new Argument(null, value))) : value;
        Code<Object> code = new Compiler<>(text, nothing, clock).compile(typed);
        if (code.type() != type) {
            throw new ExpressionException(text, value.at(), type.text() + " is wanted, this is " + code.type().text());
        }
        return code.number(this);
    }
}
