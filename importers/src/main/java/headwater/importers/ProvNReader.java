// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.ProvNTokens.Kind;
import headwater.importers.ProvNTokens.MalformedProvNException;
import headwater.importers.ProvNTokens.Token;
import headwater.importers.StatementSink.Position;
import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Reads PROV-N (W3C Recommendation 30 April 2013), statement by statement, and gives each as the PROV-JSON member that
 * says the same. After a fault reading goes on with the next statement: the next line that begins with a word and a
 * bracket.
 *
 * <pre>
 * document   --> "document" declaration* statement* bundle* "endDocument"
 * bundle     --> "bundle" name declaration* statement* "endBundle"
 * statement  --> word "(" [identifier ";"] argument ("," argument)* ["," "[" attributes "]"] ")"
 * argument   --> name | time | "-"
 * attributes --> [name "=" literal ("," name "=" literal)*]
 * </pre>
 */
final class ProvNReader {
    private static final String QUALIFIED = "prov:QUALIFIED_NAME";
    private static final int ATTRIBUTES_MAX = 10_000;

    private final ProvNTokens tokens;
    private final StatementSink sink;
    private String bundle = "";

    /** @param in stays the caller's */
    ProvNReader(InputStream in, StatementSink sink) {
        this.tokens = new ProvNTokens(in);
        this.sink = sink;
    }

    void read() throws IOException {
        while (true) {
            Position at = tokens.position();
            try {
                Token token = tokens.next();
                at = token.at();
                if (token.kind() == Kind.END) {
                    // Every PROV-N document has these, declared or not.
                    sink.prefix("prov", "http://www.w3.org/ns/prov#");
                    sink.prefix("xsd", "http://www.w3.org/2001/XMLSchema#");
                    return;
                }
                statement(token);
            } catch (MalformedProvNException e) {
                sink.bad(e.at() == null ? at : e.at(), e.getMessage());
                tokens.skipStatement();
            }
        }
    }

    private void statement(Token word) throws IOException, MalformedProvNException {
        if (word.kind() != Kind.NAME) {
            throw new MalformedProvNException(word.at(), "a statement has to begin with a word, not with " + word);
        }
        switch (word.text()) {
            case "document", "endDocument" -> {
                // What stands between them is what is read.
            }
            case "bundle" -> bundle = name();
            case "endBundle" -> bundle = "";
            case "prefix" -> {
                String prefix = name();
                sink.prefix(prefix, uri());
            }
            case "default" -> sink.prefix("default", uri());
            default -> relation(word);
        }
    }

    private String name() throws IOException, MalformedProvNException {
        return require(Kind.NAME).text();
    }

    private String uri() throws IOException, MalformedProvNException {
        return require(Kind.URI).text();
    }

    private Token require(Kind kind) throws IOException, MalformedProvNException {
        Token token = tokens.next();
        if (token.kind() != kind) {
            throw new MalformedProvNException(token.at(), "wanted " + kind + ", found " + token);
        }
        return token;
    }

    /** What stands between the brackets, with {@code -} as null. */
    private record Arguments(String identifier, List<Token> values, Map<String, List<Token>> attributes) {
    }

    private void relation(Token word) throws IOException, MalformedProvNException {
        String name = word.text().substring(word.text().indexOf(':') + 1);
        Arguments arguments = arguments();
        Map<String, List<Token>> body = new LinkedHashMap<>();
        String section = switch (name) {
            case "hadPrimarySource", "wasQuotedFrom", "wasRevisionOf" -> "wasDerivedFrom";
            case "collection", "emptyCollection" -> "entity";
            default -> name;
        };
        String id = arguments.identifier();
        if (ProvSection.nodes(section) != null) {
            if (arguments.values().isEmpty() || arguments.values().getFirst() == null) {
                throw new MalformedProvNException(word.at(), "a node without an identifier: statement=" + word.text());
            }
            id = arguments.values().getFirst().text();
            put(body, arguments.values(), 1, section.equals("activity")
                    ? new String[] {"prov:startTime", "prov:endTime"} : new String[0],
                    word);
        } else {
            ProvSection relation = ProvSection.of(section);
            if (relation == null) {
                throw new MalformedProvNException(word.at(), "no statement of PROV-N: " + word.text());
            }
            List<String> keys = new ArrayList<>(List.of(relation.effectKey(), relation.causeKey()));
            keys.addAll(List.of(relation.further()));
            put(body, arguments.values(), 0, keys.toArray(String[]::new), word);
        }
        Set<String> plain = Set.copyOf(body.keySet());
        arguments.attributes().forEach((key, values) -> body.computeIfAbsent(key, k -> new ArrayList<>())
                .addAll(values));
        subtype(name, body, word);
        String json = json(body, plain);
        if (json.length() > StatementChunk.MAX_BODY_CHARS) {
            throw new MalformedProvNException(word.at(), "a statement is too long: characters=" + json.length());
        }
        sink.statement(Dialect.PROV_JSON, section, id == null ? "" : id, bundle, json, word.at());
    }

    /** Words that stand for a statement with a type. */
    private static void subtype(String name, Map<String, List<Token>> body, Token word) {
        String type = switch (name) {
            case "hadPrimarySource" -> "prov:PrimarySource";
            case "wasQuotedFrom" -> "prov:Quotation";
            case "wasRevisionOf" -> "prov:Revision";
            case "collection" -> "prov:Collection";
            case "emptyCollection" -> "prov:EmptyCollection";
            default -> null;
        };
        if (type != null) {
            body.computeIfAbsent("prov:type", key -> new ArrayList<>())
                    .add(new Token(Kind.QUALIFIED, type, "", word.at()));
        }
    }

    private static void put(Map<String, List<Token>> body, List<Token> values, int from, String[] keys, Token word)
            throws MalformedProvNException {
        if (values.size() - from > keys.length) {
            throw new MalformedProvNException(word.at(), "too many arguments: statement=" + word.text() + ", arguments="
                    + values.size());
        }
        for (int i = from; i < values.size(); i++) {
            if (values.get(i) != null) {
                body.put(keys[i - from], new ArrayList<>(List.of(values.get(i))));
            }
        }
    }

    private Arguments arguments() throws IOException, MalformedProvNException {
        require(Kind.OPEN);
        String identifier = null;
        List<Token> values = new ArrayList<>();
        Map<String, List<Token>> attributes = new LinkedHashMap<>();
        while (true) {
            Token token = tokens.next();
            switch (token.kind()) {
                case CLOSE -> {
                    return new Arguments(identifier, values, attributes);
                }
                case COMMA -> {
                    // Between arguments.
                }
                case SEMICOLON -> {
                    if (values.size() != 1) {
                        throw new MalformedProvNException(token.at(), "a semicolon has to follow one identifier");
                    }
                    identifier = values.getFirst() == null ? null : values.getFirst().text();
                    values.clear();
                }
                case NONE -> values.add(null);
                case NAME, NUMBER -> values.add(token);
                case OPEN_ATTRIBUTES -> attributes(attributes);
                default -> throw new MalformedProvNException(token.at(), "no argument: " + token);
            }
            if (values.size() > 8) {
                throw new MalformedProvNException(token.at(), "too many arguments: " + values.size());
            }
        }
    }

    private void attributes(Map<String, List<Token>> attributes) throws IOException, MalformedProvNException {
        int count = 0;
        while (true) {
            Token token = tokens.next();
            if (token.kind() == Kind.CLOSE_ATTRIBUTES) {
                return;
            }
            if (token.kind() == Kind.COMMA) {
                continue;
            }
            if (token.kind() != Kind.NAME || ++count > ATTRIBUTES_MAX) {
                throw new MalformedProvNException(token.at(), "no attribute: " + token);
            }
            require(Kind.EQUALS);
            Token value = tokens.next();
            if (value.kind() != Kind.STRING && value.kind() != Kind.QUALIFIED && value.kind() != Kind.NUMBER) {
                throw new MalformedProvNException(value.at(), "no value: attribute=" + token.text() + ", found "
                        + value);
            }
            attributes.computeIfAbsent(token.text(), key -> new ArrayList<>()).add(value);
        }
    }

    private static String json(Map<String, List<Token>> body, Set<String> arguments) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonBody.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            body.forEach((key, values) -> {
                json.writeName(key);
                // ProvToolbox reads the values of attributes only within an array; PROV-JSON allows both.
                boolean array = values.size() > 1 || !arguments.contains(key);
                if (array) {
                    json.writeStartArray();
                }
                values.forEach(value -> value(json, value));
                if (array) {
                    json.writeEndArray();
                }
            });
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void value(JsonGenerator json, Token value) {
        String type = switch (value.kind()) {
            case QUALIFIED -> QUALIFIED;
            case NUMBER -> value.text().matches("-?[0-9]+") ? "xsd:int" : "";
            default -> value.type();
        };
        if (value.kind() == Kind.NAME || type.isEmpty()) {
            json.writeString(value.text());
            return;
        }
        json.writeStartObject();
        json.writeStringProperty("$", value.text());
        json.writeStringProperty(type.startsWith("@") ? "lang" : "type", type.startsWith("@") ? type.substring(1)
                : type);
        json.writeEndObject();
    }
}
