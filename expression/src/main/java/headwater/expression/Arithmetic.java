// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import headwater.expression.Expression.Binary;

/** Sums and products. What does not fit into 64 bits, and a division by nothing, is unknown. */
final class Arithmetic {
    private Arithmetic() {
    }

    static <C> Code<C> of(Compiler<C> compiler, Binary binary) throws ExpressionException {
        Code<C> left = compiler.compile(binary.left());
        Code<C> right = compiler.compile(binary.right());
        if (binary.operator().equals("+") && left.type() == Type.STRING && right.type() == Type.STRING) {
            return Code.string(c -> {
                String a = left.string(c);
                String b = right.string(c);
                return a == null || b == null ? null : a + b;
            });
        }
        Type type = type(binary.operator(), left.type(), right.type());
        if (type == null) {
            throw compiler.error(binary, binary.operator() + " does not go with " + left.type().text() + " and "
                    + right.type().text());
        }
        String operator = binary.operator();
        return Code.number(type, c -> {
            long a = left.number(c);
            long b = right.number(c);
            return a == Code.UNKNOWN || b == Code.UNKNOWN ? Code.UNKNOWN : apply(operator, a, b);
        });
    }

    private static Type type(String operator, Type left, Type right) {
        if (left == Type.INT && right == Type.INT) {
            return Type.INT;
        }
        return switch (operator) {
            case "+" -> right == Type.DURATION && (left == Type.TIME || left == Type.DURATION) ? left
                    : left == Type.DURATION && right == Type.TIME ? Type.TIME : null;
            case "-" -> left == Type.TIME && right == Type.TIME ? Type.DURATION
                    : right == Type.DURATION && (left == Type.TIME || left == Type.DURATION) ? left : null;
            case "*" -> left == Type.DURATION && right == Type.INT || left == Type.INT && right == Type.DURATION
                    ? Type.DURATION : null;
            case "/" -> left == Type.DURATION && right == Type.DURATION ? Type.INT : left == Type.DURATION
                    && right == Type.INT
                    ? Type.DURATION : null;
            default -> null;
        };
    }

    private static long apply(String operator, long a, long b) {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(a, b);
                case "-" -> Math.subtractExact(a, b);
                case "*" -> Math.multiplyExact(a, b);
                case "/" -> b == 0 ? Code.UNKNOWN : Math.divideExact(a, b);
                default -> b == 0 ? Code.UNKNOWN : a % b;
            };
        } catch (ArithmeticException e) {
            return Code.UNKNOWN;
        }
    }
}
