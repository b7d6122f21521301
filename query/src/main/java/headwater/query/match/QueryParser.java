// SPDX-License-Identifier: Apache-2.0
package headwater.query.match;

import headwater.expression.Expression;
import headwater.expression.ExpressionException;
import headwater.expression.Parser;
import headwater.expression.Printer;
import headwater.expression.Token;
import headwater.query.match.Query.Arrow;
import headwater.query.match.Query.EdgePattern;
import headwater.query.match.Query.Item;
import headwater.query.match.Query.NodePattern;
import headwater.query.match.Query.Order;
import headwater.query.match.Query.PathPattern;
import headwater.query.match.Query.Property;
import headwater.query.match.Query.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads queries. Key words in upper or lower case.
 * <pre>
 *   query    = { "MATCH" pattern { "," pattern } } [ "WHERE" expression ]
 *              "RETURN" [ "DISTINCT" ] item { "," item }
 *              [ "ORDER" "BY" expression [ "ASC" | "DESC" ] { "," … } ] [ "SKIP" INT ] [ "LIMIT" INT ]
 *   pattern  = [ NAME "=" ] node { edge node }
 *   node     = "(" [ NAME ] [ ":" LABEL { "|" LABEL } ] [ map ] [ "WHERE" expression ] ")"
 *   edge     = "-" [ inside ] "-" "&gt;" | "&lt;" "-" [ inside ] "-" | "-" [ inside ] "-"
 *   inside   = "[" [ NAME ] [ ":" RELATION { "|" RELATION } ] [ "*" [ INT ] [ ".." [ INT ] ] ] [ map ] [ "WHERE" expression ] "]"
 *   map      = "{" NAME ":" literal { "," … } "}"
 *   item     = expression [ "AS" NAME ]
 * </pre>
 */
final class QueryParser {
    private static final int MAX_PATTERNS = 16;
    private static final int MAX_EDGES = 32;
    private static final int MAX_ITEMS = 64;
    private static final Set<String> FOREIGN = Set.of("WITH", "OPTIONAL", "UNWIND", "CREATE", "MERGE", "DELETE", "DETACH", "SET", "REMOVE", "CALL",
            "FOREACH", "UNION", "LOAD", "USE");

    private final Parser parser;
    private final String text;
    private int anonymous;
    private int edges;

    private QueryParser(String text) throws ExpressionException {
        this.text = text;
        parser = new Parser(text);
    }

    static Query parse(String text) throws ExpressionException {
        return new QueryParser(text).query();
    }

    private Query query() throws ExpressionException {
        List<PathPattern> patterns = new ArrayList<>();
        Expression where = null;
        foreign();
        while (parser.acceptWord("MATCH")) {
            do {
                patterns.add(pattern());
                if (patterns.size() > MAX_PATTERNS) {
                    throw parser.error("too many patterns: max=" + MAX_PATTERNS);
                }
            } while (parser.accept(","));
            foreign();
            if (parser.peek().isWord("WHERE")) {
                Token token = parser.take();
                Expression more = parser.expression();
                where = where == null ? more : new Expression.Binary(token.at(), "&&", where, more);
            }
            foreign();
        }
        if (!parser.acceptWord("RETURN")) {
            throw parser.unexpected(patterns.isEmpty() ? "MATCH (…) … RETURN …" : "WHERE, RETURN, or a pattern such as (p:task)-[:read]->(f:file)");
        }
        boolean distinct = parser.acceptWord("DISTINCT");
        List<Item> items = items();
        List<Order> order = order();
        long skip = parser.acceptWord("SKIP") ? number() : 0;
        long limit = parser.acceptWord("LIMIT") ? number() : -1;
        parser.accept(";");
        foreign();
        if (parser.peek().kind() != Token.Kind.END) {
            throw parser.unexpected("ORDER BY, SKIP, LIMIT or the end");
        }
        return new Query(text, patterns, where, distinct, items, order, skip, limit);
    }

    private void foreign() throws ExpressionException {
        Token token = parser.peek();
        if (token.kind() == Token.Kind.NAME && FOREIGN.contains(token.text().toUpperCase(Locale.ROOT))) {
            throw parser.error(token.text() + " is Cypher's, and not of this language: it only asks, by MATCH … WHERE … RETURN …");
        }
    }

    private List<Item> items() throws ExpressionException {
        List<Item> items = new ArrayList<>();
        do {
            Expression expression = parser.expression();
            String name = parser.acceptWord("AS") ? parser.expectName("a name for the column").text() : Printer.print(expression);
            items.add(new Item(expression, name));
            if (items.size() > MAX_ITEMS) {
                throw parser.error("too many columns: max=" + MAX_ITEMS);
            }
        } while (parser.accept(","));
        return items;
    }

    private List<Order> order() throws ExpressionException {
        List<Order> order = new ArrayList<>();
        if (!parser.acceptWord("ORDER")) {
            return order;
        }
        if (!parser.acceptWord("BY")) {
            throw parser.unexpected("BY");
        }
        do {
            Expression key = parser.expression();
            boolean descending = parser.acceptWord("DESC") || parser.acceptWord("DESCENDING");
            if (!descending && !parser.acceptWord("ASC")) {
                parser.acceptWord("ASCENDING");
            }
            order.add(new Order(key, descending));
        } while (parser.accept(",") && order.size() < MAX_ITEMS);
        return order;
    }

    private long number() throws ExpressionException {
        if (parser.peek().kind() != Token.Kind.INT) {
            throw parser.unexpected("a number");
        }
        return parser.take().number();
    }

    private PathPattern pattern() throws ExpressionException {
        int at = parser.peek().at();
        String name = null;
        if (parser.peek().kind() == Token.Kind.NAME && parser.peek(1).is("=")) {
            name = parser.expectName("a name for the path").text();
            parser.expect("=");
        }
        List<NodePattern> nodes = new ArrayList<>();
        List<EdgePattern> between = new ArrayList<>();
        nodes.add(node());
        while (parser.peek().is("-") || parser.peek().is("<")) {
            between.add(edge());
            nodes.add(node());
            if (++edges > MAX_EDGES) {
                throw parser.error("too many steps: max=" + MAX_EDGES);
            }
        }
        return new PathPattern(at, name == null ? " " + anonymous++ : name, nodes, between);
    }

    private String name() throws ExpressionException {
        Token token = parser.peek();
        return token.kind() == Token.Kind.NAME && !token.isWord("WHERE") ? parser.expectName("a name").text() : " " + anonymous++;
    }

    private NodePattern node() throws ExpressionException {
        int at = parser.peek().at();
        if (!parser.accept("(")) {
            throw parser.unexpected("a node, such as (f:file {path: \"/etc/passwd\"})");
        }
        String name = name();
        List<Word> labels = words("a kind, such as file or task");
        List<Property> properties = properties();
        Expression where = parser.acceptWord("WHERE") ? parser.expression() : null;
        parser.expect(")");
        return new NodePattern(at, name, labels, properties, where);
    }

    private List<Word> words(String wanted) throws ExpressionException {
        List<Word> words = new ArrayList<>();
        if (parser.accept(":")) {
            do {
                parser.accept(":");
                if (parser.peek().kind() != Token.Kind.NAME) {
                    throw parser.unexpected(wanted);
                }
                Token token = parser.take();
                words.add(new Word(token.at(), token.text()));
            } while (parser.accept("|"));
        }
        return words;
    }

    private List<Property> properties() throws ExpressionException {
        List<Property> properties = new ArrayList<>();
        if (!parser.accept("{")) {
            return properties;
        }
        do {
            if (parser.peek().kind() != Token.Kind.NAME) {
                throw parser.unexpected("the name of a field");
            }
            Token field = parser.take();
            parser.expect(":");
            properties.add(new Property(field.at(), field.text(), parser.expression()));
        } while (parser.accept(","));
        parser.expect("}");
        return properties;
    }

    private EdgePattern edge() throws ExpressionException {
        int at = parser.peek().at();
        boolean left = parser.accept("<");
        parser.expect("-");
        EdgePattern inside = new EdgePattern(at, " " + anonymous++, List.of(), Arrow.EITHER, false, 1, 1, List.of(), null);
        if (parser.accept("[")) {
            inside = inside(at);
            parser.expect("]");
        }
        parser.expect("-");
        boolean right = parser.accept(">");
        if (left && right) {
            throw new ExpressionException(text, at, "an arrow has one head: -[]-> to what it came from, <-[]- to what came of it");
        }
        Arrow arrow = right ? Arrow.RIGHT : left ? Arrow.LEFT : Arrow.EITHER;
        if (inside.variable() && arrow == Arrow.EITHER) {
            throw new ExpressionException(text, at, "a step of several flows has a direction: -[*]-> goes to the causes, <-[*]- to the effects");
        }
        return new EdgePattern(at, inside.name(), inside.relations(), arrow, inside.variable(), inside.min(), inside.max(),
                inside.properties(), inside.where());
    }

    private EdgePattern inside(int at) throws ExpressionException {
        String name = name();
        List<Word> relations = words("a relation, such as read or write");
        boolean variable = parser.accept("*");
        int min = 1;
        int max = variable ? Integer.MAX_VALUE : 1;
        if (variable && parser.peek().kind() == Token.Kind.INT) {
            min = bound();
            max = min;
        }
        if (variable && parser.accept("..")) {
            max = parser.peek().kind() == Token.Kind.INT ? bound() : Integer.MAX_VALUE;
        }
        if (min > max || min > 64) {
            throw parser.error("no such number of flows: min=" + min + ", max=" + max + ", min at most 64");
        }
        List<Property> properties = properties();
        Expression where = parser.acceptWord("WHERE") ? parser.expression() : null;
        return new EdgePattern(at, name, relations, Arrow.EITHER, variable, min, max, properties, where);
    }

    private int bound() throws ExpressionException {
        return (int) Math.min(Integer.MAX_VALUE, number());
    }
}
