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
import headwater.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads expressions: a Pratt parser over the words of one text. Languages that hold expressions read their own words
 * with {@link #peek}, {@link #take} and {@link #expect}. For one thread.
 * <pre>
 *   expression = or [ "?" expression ":" expression ]
 *   or         = and { "||" and }                            also OR
 *   and        = relation { "&&" relation }                  also AND
 *   relation   = sum [ ("==" | "!=" | "&lt;" | "&lt;=" | "&gt;" | "&gt;=" | "in") sum ]      also = &lt;&gt; =~ IN,
         IS [NOT] NULL,
 *                                                            STARTS WITH, ENDS WITH, CONTAINS
 *   sum        = product { ("+" | "-") product }
 *   product    = unary { ("*" | "/" | "%") unary }
 *   unary      = { "!" | "-" } member                        also NOT, which holds less tightly than comparison
 *   member     = primary { "." NAME [ "(" arguments ")" ] }
 *   primary    = literal | NAME [ "(" arguments ")" ] | "(" expression ")" | "[" [ expression { "," expression } ] "]"
 *   arguments  = [ argument { "," argument } ]
 *   argument   = [ NAME ":" ] expression
 * </pre>
 */
public final class Parser {
    /** Characters in a text, at most. */
    public static final int MAX_LENGTH = 16_384;
    /** How deep parentheses and the like may stand in each other. */
    public static final int MAX_DEPTH = 60;
    /** Parts of one expression, at most. */
    public static final int MAX_PARTS = 2_000;

    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=", "=", "<>", "=~");
    /** Words that end an expression, whatever case they have: no name of a field is one of them. */
    private static final Set<String> RESERVED = Set.of("AND", "OR", "NOT", "IN", "IS", "STARTS", "ENDS", "CONTAINS",
            "WHERE", "RETURN",
            "MATCH", "ORDER", "LIMIT", "SKIP", "AS", "ASC", "DESC", "DISTINCT", "BY", "WITH");

    private final String text;
    private final List<Token> tokens;
    private int next;
    private int depth;
    private int parts;

    public Parser(String text) throws ExpressionException {
        this.text = text;
        this.tokens = Lexer.tokens(text);
    }

    /** Reads a text that is one expression. */
    public static Expression parse(String text) throws ExpressionException {
        Parser parser = new Parser(text);
        if (parser.peek().kind() == Kind.END) {
            throw parser.error("an expression is wanted here, such as kind == \"file\"");
        }
        Expression expression = parser.expression();
        if (parser.peek().kind() != Kind.END) {
            throw parser.unexpected("an operator (&& || == …) or the end");
        }
        return expression;
    }

    public String text() {
        return text;
    }

    /** The next word. */
    public Token peek() {
        return tokens.get(next);
    }

    /** The word after {@code ahead} others; the last if there are not as many. */
    public Token peek(int ahead) {
        return tokens.get(Math.min(next + ahead, tokens.size() - 1));
    }

    /** Takes the next word. */
    public Token take() {
        Token token = tokens.get(next);
        next += token.kind() == Kind.END ? 0 : 1;
        return token;
    }

    /** Takes the next word if it is this symbol. */
    public boolean accept(String symbol) {
        boolean is = peek().is(symbol);
        next += is ? 1 : 0;
        return is;
    }

    /** Takes the next word if it is this one, in upper or lower case. */
    public boolean acceptWord(String word) {
        boolean is = peek().isWord(word);
        next += is ? 1 : 0;
        return is;
    }

    /** Takes the next word, which must be this symbol. */
    public Token expect(String symbol) throws ExpressionException {
        if (!peek().is(symbol)) {
            throw unexpected(symbol);
        }
        return take();
    }

    /** Takes the next word, which must be a name that is not reserved. */
    public Token expectName(String what) throws ExpressionException {
        if (peek().kind() != Kind.NAME || isReserved(peek())) {
            throw unexpected(what);
        }
        return take();
    }

    /** The error that the next word is not what is wanted. */
    public ExpressionException unexpected(String wanted) {
        Token token = peek();
        String is = switch (token.kind()) {
            case END -> "the text ends here";
            case STRING -> "unexpected string";
            default -> "unexpected " + (token.text().length() > 40 ? token.text().substring(0, 40) + "…"
                    : token.text());
        };
        return error(is + ": want " + wanted);
    }

    /** An error at the next word. */
    public ExpressionException error(String reason) {
        return new ExpressionException(text, peek().at(), reason);
    }

    /** True for a word that can be no name. */
    public static boolean isReserved(Token token) {
        return token.kind() == Kind.NAME && !token.isQuoted()
                && RESERVED.contains(token.text().toUpperCase(Locale.ROOT));
    }

    /** Reads an expression up to the first word that cannot belong to it. */
    public Expression expression() throws ExpressionException {
        enter();
        Expression test = or();
        if (peek().is("?")) {
            int at = take().at();
            Expression yes = expression();
            expect(":");
            Expression no = expression();
            test = part(new Conditional(at, test, yes, no));
        }
        depth--;
        return test;
    }

    private void enter() throws ExpressionException {
        if (++depth > MAX_DEPTH) {
            throw error("too deeply nested: max=" + MAX_DEPTH);
        }
    }

    private Expression part(Expression expression) throws ExpressionException {
        if (++parts > MAX_PARTS) {
            throw error("too long: parts=" + parts + ", max=" + MAX_PARTS);
        }
        return expression;
    }

    private Expression or() throws ExpressionException {
        Expression left = and();
        while (peek().is("||") || peek().isWord("OR")) {
            left = part(new Binary(take().at(), "||", left, and()));
        }
        return left;
    }

    private Expression and() throws ExpressionException {
        Expression left = not();
        while (peek().is("&&") || peek().isWord("AND")) {
            left = part(new Binary(take().at(), "&&", left, not()));
        }
        return left;
    }

    private Expression not() throws ExpressionException {
        if (!peek().isWord("NOT")) {
            return relation();
        }
        int at = take().at();
        enter();
        Expression of = not();
        depth--;
        return part(new Unary(at, "!", of));
    }

    private Expression relation() throws ExpressionException {
        Expression left = sum();
        Token token = peek();
        if (token.kind() == Kind.SYMBOL && COMPARISONS.contains(token.text())) {
            take();
            Expression right = sum();
            if (peek().kind() == Kind.SYMBOL && COMPARISONS.contains(peek().text())) {
                throw error("comparisons are not chained: write a < b && b < c");
            }
            return token.is("=~") ? method(token.at(), left, "matches", right)
                    : part(new Binary(token.at(), switch (token.text()) {
                case "=" -> "==";
                case "<>" -> "!=";
                default -> token.text();
            }, left, right));
        }
        if (token.isWord("IN")) {
            take();
            return part(new Binary(token.at(), "in", left, sum()));
        }
        return worded(token, left);
    }

    /** The comparisons that Cypher writes as words. */
    private Expression worded(Token token, Expression left) throws ExpressionException {
        if (token.isWord("IS")) {
            take();
            boolean not = acceptWord("NOT");
            if (!acceptWord("NULL")) {
                throw unexpected("NULL");
            }
            return part(new Binary(token.at(), not ? "!=" : "==", left,
                    part(new Literal(token.at(), Type.NULL, null))));
        }
        if (token.isWord("CONTAINS")) {
            take();
            return method(token.at(), left, "contains", sum());
        }
        if (token.isWord("STARTS") || token.isWord("ENDS")) {
            take();
            if (!acceptWord("WITH")) {
                throw unexpected("WITH");
            }
            return method(token.at(), left, token.isWord("STARTS") ? "startsWith" : "endsWith", sum());
        }
        return left;
    }

    private Expression method(int at, Expression of, String name, Expression argument) throws ExpressionException {
        return part(new Call(at, of, name, List.of(new Argument(null, argument))));
    }

    private Expression sum() throws ExpressionException {
        Expression left = product();
        while (peek().is("+") || peek().is("-")) {
            Token operator = take();
            left = part(new Binary(operator.at(), operator.text(), left, product()));
        }
        return left;
    }

    private Expression product() throws ExpressionException {
        Expression left = unary();
        while (peek().is("*") || peek().is("/") || peek().is("%")) {
            Token operator = take();
            left = part(new Binary(operator.at(), operator.text(), left, unary()));
        }
        return left;
    }

    private Expression unary() throws ExpressionException {
        Token token = peek();
        if (!token.is("!") && !token.is("-")) {
            return member();
        }
        take();
        if (token.is("-") && (peek().kind() == Kind.INT || peek().kind() == Kind.DURATION)) {
            // Negative literals are literals, so that what is printed is read again as it was.
            Token number = take();
            return part(new Literal(token.at(), number.kind() == Kind.INT ? Type.INT : Type.DURATION,
                    -number.number()));
        }
        enter();
        Expression of = unary();
        depth--;
        return part(new Unary(token.at(), token.text(), of));
    }

    private Expression member() throws ExpressionException {
        Expression of = primary();
        while (peek().is(".")) {
            take();
            if (peek().kind() != Kind.NAME) {
                throw unexpected("the name of a field or a function");
            }
            Token name = take();
            of = part(peek().is("(") ? new Call(name.at(), of, name.text(), arguments())
                    : new Select(name.at(), of, name.text()));
        }
        return of;
    }

    private Expression primary() throws ExpressionException {
        Token token = peek();
        switch (token.kind()) {
            case STRING -> {
                take();
                return part(new Literal(token.at(), Type.STRING, token.text()));
            }
            case INT, DURATION -> {
                take();
                return part(new Literal(token.at(), token.kind() == Kind.INT ? Type.INT : Type.DURATION,
                        token.number()));
            }
            case NAME -> {
                return part(named());
            }
            default -> {
                return bracketed();
            }
        }
    }

    private Expression named() throws ExpressionException {
        Token token = peek();
        if (isReserved(token)) {
            throw unexpected("a value, such as a field or a string in quotes");
        }
        take();
        return switch (token.isQuoted() ? "" : token.text()) {
            case "true", "TRUE", "false", "FALSE" -> new Literal(token.at(), Type.BOOL, token.isWord("true"));
            case "null", "NULL" -> new Literal(token.at(), Type.NULL, null);
            default -> peek().is("(") ? new Call(token.at(), null, token.text(), arguments())
                    : new Name(token.at(), token.text());
        };
    }

    private Expression bracketed() throws ExpressionException {
        Token token = peek();
        if (accept("(")) {
            Expression inner = expression();
            expect(")");
            return inner;
        }
        if (!accept("[")) {
            throw unexpected("a value, such as a field or a string in quotes");
        }
        List<Expression> items = new ArrayList<>();
        while (!peek().is("]")) {
            items.add(expression());
            if (!accept(",")) {
                break;
            }
        }
        expect("]");
        return part(new Row(token.at(), items));
    }

    private List<Argument> arguments() throws ExpressionException {
        expect("(");
        List<Argument> arguments = new ArrayList<>();
        if (peek().is("*") && peek(1).is(")")) {
            arguments.add(new Argument(null, part(new Name(take().at(), "*"))));
        }
        boolean distinct = peek().isWord("DISTINCT");
        if (distinct) {
            take();
        }
        while (!peek().is(")")) {
            String name = null;
            if (peek().kind() == Kind.NAME && peek(1).is(":")) {
                name = take().text();
                take();
            }
            arguments.add(new Argument(distinct ? "distinct" : name, expression()));
            if (!accept(",")) {
                break;
            }
        }
        expect(")");
        return arguments;
    }
}
