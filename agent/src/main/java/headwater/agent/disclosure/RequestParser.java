// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.model.NodeKind;
import headwater.model.RelationClass;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads the lines of docs/disclosure.md. Whoever sends them is not trusted: every length and number has a bound, members that are
 * not known are refused, and what is not a right line ends in a {@link MalformedRequestException}, never in anything else.
 */
final class RequestParser {
    /** Bytes of a line, its newline counted. */
    static final int LINE_BYTES_MAX = 65536;
    /** Bytes of a text, a path, or the attributes of one node. */
    static final int TEXT_BYTES_MAX = 4096;
    static final int NAME_CHARS_MAX = 128;
    /** Nodes, relations and lines of log in one line, each. */
    static final int LIST_MAX = 1024;
    static final int ATTRIBUTES_MAX = 64;

    private static final int DEPTH_MAX = 8;
    private static final int NUMBER_CHARS_MAX = 40;
    private static final Pattern KEY = Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_.-]{0,63}:)?[A-Za-z_][A-Za-z0-9_.-]{0,63}");
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).maxNumberLength(NUMBER_CHARS_MAX)
                    .maxStringLength(LINE_BYTES_MAX).maxNameLength(NAME_CHARS_MAX).maxDocumentLength(LINE_BYTES_MAX).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private final JsonParser parser;
    private String id = "";

    private RequestParser(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * Reads one line.
     *
     * @param line without its newline
     */
    static Request parse(byte[] line) throws MalformedRequestException {
        if (line.length >= LINE_BYTES_MAX) {
            throw new MalformedRequestException("", "line is too long: bytes=" + line.length + ", max=" + (LINE_BYTES_MAX - 1));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedRequestException("", "line is not UTF-8");
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
            RequestParser reader = new RequestParser(parser);
            try {
                return reader.request();
            } catch (JacksonException e) {
                throw new MalformedRequestException(reader.id, "not JSON as it should be: " + e.getOriginalMessage());
            }
        }
    }

    private Request request() throws MalformedRequestException {
        Request.Body body = null;
        open("a line");
        for (String key = key(); key != null; key = key()) {
            switch (key) {
                case "id" -> id = text("id", NAME_CHARS_MAX);
                case "hello" -> body = once(body, hello());
                case "disclose" -> body = once(body, disclose());
                default -> throw unknown("a line", key, "id, hello, disclose");
            }
        }
        if (parser.nextToken() != null) {
            throw wrong("something follows the object; send one to a line");
        }
        if (body == null) {
            throw wrong("a line has hello or disclose");
        }
        return new Request(id, body);
    }

    private Request.Body once(Request.Body before, Request.Body now) throws MalformedRequestException {
        if (before != null) {
            throw wrong("a line has hello or disclose, not both");
        }
        return now;
    }

    private Request.Hello hello() throws MalformedRequestException {
        int version = -1;
        String challenge = "";
        open("hello");
        for (String key = key(); key != null; key = key()) {
            switch (key) {
                case "version" -> version = number("version");
                case "challenge" -> challenge = text("challenge", NAME_CHARS_MAX);
                default -> throw unknown("hello", key, "version, challenge");
            }
        }
        return new Request.Hello(version, challenge);
    }

    private Request.Disclose disclose() throws MalformedRequestException {
        List<Request.Node> nodes = new ArrayList<>();
        List<Request.Relation> relations = new ArrayList<>();
        List<Request.Line> lines = new ArrayList<>();
        open("disclose");
        for (String key = key(); key != null; key = key()) {
            switch (key) {
                case "nodes" -> list("nodes", nodes, this::node);
                case "relations" -> list("relations", relations, this::relation);
                case "log" -> list("log", lines, this::line);
                default -> throw unknown("disclose", key, "nodes, relations, log");
            }
        }
        return new Request.Disclose(nodes, relations, lines);
    }

    /** Reads one element, whose first token has been read. */
    private interface Reader<T> {
        T read() throws MalformedRequestException;
    }

    private <T> void list(String what, List<T> into, Reader<T> reader) throws MalformedRequestException {
        if (parser.nextToken() != JsonToken.START_ARRAY) {
            throw wrong(what + " is an array");
        }
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (into.size() == LIST_MAX) {
                throw wrong("too many " + what + ": max=" + LIST_MAX + "; send more lines");
            }
            opened(what);
            into.add(reader.read());
        }
    }

    private Request.Node node() throws MalformedRequestException {
        String name = "";
        NodeKind kind = null;
        String label = "";
        String attributes = "";
        for (String key = key(); key != null; key = key()) {
            switch (key) {
                case "name" -> name = name();
                case "class" -> kind = kind();
                case "label" -> label = text("label", TEXT_BYTES_MAX);
                case "attributes" -> attributes = attributes();
                default -> throw unknown("a node", key, "name, class, label, attributes");
            }
        }
        if (name.isEmpty() || kind == null) {
            throw wrong("a node has a name and a class");
        }
        return new Request.Node(name, kind, label, attributes);
    }

    private String name() throws MalformedRequestException {
        String name = text("name", NAME_CHARS_MAX);
        if (name.isEmpty() || name.equals(Request.Name.SELF)) {
            throw wrong("a node cannot be called so: name=" + name);
        }
        return name;
    }

    private NodeKind kind() throws MalformedRequestException {
        String word = text("class", NAME_CHARS_MAX);
        return switch (word) {
            case "activity" -> NodeKind.DISC_ACTIVITY;
            case "entity" -> NodeKind.DISC_ENTITY;
            case "agent" -> NodeKind.DISC_AGENT;
            default -> throw wrong("unknown class: class=" + word + ", want one of activity, entity, agent");
        };
    }

    private Request.Relation relation() throws MalformedRequestException {
        RelationClass relationClass = null;
        Request.End cause = null;
        Request.End effect = null;
        boolean only = false;
        String attributes = "";
        for (String key = key(); key != null; key = key()) {
            switch (key) {
                case "relation" -> relationClass = relationClass();
                case "cause" -> cause = end("cause");
                case "effect" -> effect = end("effect");
                case "only" -> only = bool();
                case "attributes" -> attributes = attributes();
                default -> throw unknown("a relation", key, "relation, effect, cause, only, attributes");
            }
        }
        if (relationClass == null || cause == null || effect == null) {
            throw wrong("a relation has a relation, an effect and a cause");
        }
        if (only && relationClass != RelationClass.DERIVED) {
            throw wrong("only a wasDerivedFrom can say only: relation=" + relationClass.section());
        }
        return new Request.Relation(relationClass, cause, effect, only, attributes);
    }

    private RelationClass relationClass() throws MalformedRequestException {
        String word = text("relation", NAME_CHARS_MAX);
        for (RelationClass relationClass : RelationClass.values()) {
            if (relationClass.section().equals(word)) {
                return relationClass;
            }
        }
        throw wrong("unknown relation: relation=" + word + ", want one of wasDerivedFrom, wasGeneratedBy, used, wasInformedBy, "
                + "wasInfluencedBy, wasAssociatedWith");
    }

    private Request.Line line() throws MalformedRequestException {
        String text = "";
        Request.End file = null;
        for (String key = key(); key != null; key = key()) {
            switch (key) {
                case "text" -> text = text("text", TEXT_BYTES_MAX);
                case "file" -> {
                    file = end("file");
                    if (file instanceof Request.Name) {
                        throw wrong("the file of a line of log is a path or a descriptor");
                    }
                }
                default -> throw unknown("a line of log", key, "text, file");
            }
        }
        if (text.isEmpty()) {
            throw wrong("a line of log has a text");
        }
        return new Request.Line(text, file);
    }

    private Request.End end(String what) throws MalformedRequestException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.VALUE_STRING) {
            return new Request.Name(bounded(what, parser.getString(), NAME_CHARS_MAX));
        }
        if (token != JsonToken.START_OBJECT) {
            throw wrong(what + " is the name of a node, {\"path\":…} or {\"descriptor\":…}");
        }
        Request.End end = null;
        for (String key = key(); key != null; key = key()) {
            if (end != null) {
                throw wrong(what + " has a path or a descriptor, not both");
            }
            end = switch (key) {
                case "path" -> path();
                case "descriptor" -> new Request.Descriptor(number("descriptor"));
                default -> throw unknown(what, key, "path, descriptor");
            };
        }
        if (end == null) {
            throw wrong(what + " has a path or a descriptor");
        }
        return end;
    }

    private Request.FilePath path() throws MalformedRequestException {
        String path = text("path", TEXT_BYTES_MAX - 1);
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw wrong("a path is absolute, and has no NUL: path=" + path.replace('\0', ' '));
        }
        return new Request.FilePath(path);
    }

    /** One object of scalars, written again by a hand that is trusted. */
    private String attributes() throws MalformedRequestException {
        StringWriter text = new StringWriter();
        int count = 0;
        Set<String> keys = new HashSet<>();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            open("attributes");
            for (String key = key(); key != null; key = key()) {
                if (!KEY.matcher(key).matches() || !keys.add(key) || ++count > ATTRIBUTES_MAX) {
                    throw wrong("attributes are at most " + ATTRIBUTES_MAX + ", called name or prefix:name of letters, digits, _ . -: key="
                            + key);
                }
                json.writeName(key);
                value(json, key);
            }
            json.writeEndObject();
        }
        return count == 0 ? "" : bounded("attributes", text.toString(), TEXT_BYTES_MAX);
    }

    private void value(JsonGenerator json, String key) throws MalformedRequestException {
        switch (parser.nextToken()) {
            case VALUE_STRING -> json.writeString(parser.getString());
            // As it was written: no digit is lost to a type.
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.writeNumber(parser.getString());
            case VALUE_TRUE -> json.writeBoolean(true);
            case VALUE_FALSE -> json.writeBoolean(false);
            case null, default -> throw wrong("an attribute is a string, a number or a boolean: key=" + key);
        }
    }

    private void open(String what) throws MalformedRequestException {
        parser.nextToken();
        opened(what);
    }

    private void opened(String what) throws MalformedRequestException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw wrong(what + ": an object is wanted");
        }
    }

    /** The next key of the object that is being read, null at its end. */
    private String key() throws MalformedRequestException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.PROPERTY_NAME) {
            return parser.currentName();
        }
        if (token == JsonToken.END_OBJECT) {
            return null;
        }
        throw wrong("the line ends within an object");
    }

    private String text(String what, int bytesMax) throws MalformedRequestException {
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
            throw wrong(what + " is a string");
        }
        return bounded(what, parser.getString(), bytesMax);
    }

    private String bounded(String what, String text, int bytesMax) throws MalformedRequestException {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > bytesMax) {
            throw wrong(what + " is too long: bytes=" + bytes + ", max=" + bytesMax);
        }
        return text;
    }

    private int number(String what) throws MalformedRequestException {
        if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT || parser.getString().length() > 9
                || parser.getIntValue() < 0) {
            throw wrong(what + " is a number from 0, of at most nine digits");
        }
        return parser.getIntValue();
    }

    private boolean bool() throws MalformedRequestException {
        JsonToken token = parser.nextToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong("only is true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    private MalformedRequestException unknown(String what, String key, String known) {
        return wrong("unknown member of " + what + ": key=" + key + ", want one of " + known);
    }

    private MalformedRequestException wrong(String message) {
        return new MalformedRequestException(id, message);
    }
}
