// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Dialect;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectWriteContext;

/**
 * Reads one PROV-JSON document, section by section, member by member, whatever its length: only one member is in memory
 * at a time. Every member's body is kept as it is.
 */
final class ProvJsonDocument {
    private final JsonParser parser;
    private final StatementSink sink;
    private final long line;
    private final long columnBefore;
    private String section = "";

    /**
     * @param parser stands before the document
     * @param line that the parser calls line 1
     * @param columnBefore what is added to columns of the parser's first line
     */
    ProvJsonDocument(JsonParser parser, StatementSink sink, long line, long columnBefore) {
        this.parser = parser;
        this.sink = sink;
        this.line = line;
        this.columnBefore = columnBefore;
    }

    /**
     * Reads the document to its end.
     *
     * @return false if there is none
     * @throws tools.jackson.core.JacksonException at what is not JSON; all members before it have been given to the
     *     sink
     */
    boolean read() {
        JsonToken first = parser.nextToken();
        if (first == null) {
            return false;
        }
        if (first != JsonToken.START_OBJECT) {
            sink.bad(at(), "not a PROV-JSON document: it begins with " + first);
            parser.skipChildren();
            return true;
        }
        sections("");
        return true;
    }

    /** The section in which the reader stands. */
    String section() {
        return section;
    }

    private void sections(String bundle) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            section = parser.currentName();
            JsonToken token = parser.nextToken();
            if (token != JsonToken.START_OBJECT) {
                sink.bad(at(), "a section has to be an object: section=" + section);
                parser.skipChildren();
            } else if (section.equals("prefix")) {
                prefixes();
            } else if (section.equals("bundle")) {
                bundles();
            } else {
                members(bundle);
            }
        }
        section = "";
    }

    private void bundles() {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                sections(name);
            } else {
                sink.bad(at(), "a bundle has to be an object: bundle=" + name);
                parser.skipChildren();
            }
        }
    }

    private void prefixes() {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String prefix = parser.currentName();
            if (parser.nextToken().isScalarValue()) {
                sink.prefix(prefix, parser.getString());
            } else {
                sink.bad(at(), "a prefix has to stand for a text: prefix=" + prefix);
                parser.skipChildren();
            }
        }
    }

    private void members(String bundle) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String id = parser.currentName();
            Position at = at();
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                statement(bundle, id, at);
            } else if (token == JsonToken.START_ARRAY) {
                // Several statements of one identifier.
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    statement(bundle, id, at);
                }
            } else {
                sink.bad(at, "a statement has to be an object: section=" + section + ", id=" + id);
            }
        }
    }

    private void statement(String bundle, String id, Position at) {
        StringWriter body = new StringWriter();
        try (JsonGenerator json = JsonBody.JSON.createGenerator(ObjectWriteContext.empty(), body)) {
            json.copyCurrentStructureExact(parser);
        }
        if (body.getBuffer().length() > StatementChunk.MAX_BODY_CHARS) {
            sink.bad(at, "a statement is too long: id=" + id + ", characters=" + body.getBuffer().length());
            return;
        }
        sink.statement(Dialect.PROV_JSON, section, id, bundle, body.toString(), at);
    }

    private Position at() {
        var location = parser.currentTokenLocation();
        long column = location.getColumnNr() + (location.getLineNr() == 1 ? columnBefore : 0);
        return new Position(line + location.getLineNr() - 1, Math.max(column, 1));
    }
}
