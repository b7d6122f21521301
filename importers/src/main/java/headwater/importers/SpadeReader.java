// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Dialect;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;

/**
 * Reads SPADE JSON, CamFlow's and SPADE's own: vertices and edges, one or several on a line, with or without the
 * brackets and commas of one array around them. A line with a fault is read up to the fault; the lines after it are not
 * touched by it.
 */
final class SpadeReader {
    private static final int LINE_BYTES = 8 << 20;

    private final LineInput in;
    private final StatementSink sink;

    /** @param in stays the caller's */
    SpadeReader(InputStream in, StatementSink sink) {
        this.in = new LineInput(in, LINE_BYTES);
        this.sink = sink;
    }

    void read() throws IOException {
        for (byte[] line = in.next(); line != null; line = in.next()) {
            if (in.wasCut()) {
                sink.bad(new Position(in.line(), 0), "the line is longer than " + LINE_BYTES + " bytes");
                continue;
            }
            int from = 0;
            int to = line.length;
            while (from < to && isAround(line[from])) {
                from++;
            }
            while (to > from && isAround(line[to - 1])) {
                to--;
            }
            if (to > from) {
                records(new String(line, from, to - from, StandardCharsets.UTF_8), from);
            }
        }
    }

    private static boolean isAround(byte b) {
        return b >= 0 && b <= ' ' || b == '[' || b == ']' || b == ',';
    }

    private void records(String text, int before) {
        try (JsonParser parser = JsonBody.JSON.createParser(ObjectReadContext.empty(), text)) {
            while (parser.nextToken() != null) {
                Position at = new Position(in.line(), before + Math.max(parser.currentTokenLocation().getColumnNr(),
                        1));
                if (parser.currentToken() == JsonToken.START_OBJECT) {
                    record(parser, at);
                } else {
                    sink.bad(at, "a record has to be an object");
                    parser.skipChildren();
                }
            }
        } catch (JacksonException e) {
            long column = e.getLocation() == null ? 0 : before + Math.max(e.getLocation().getColumnNr(), 1);
            sink.bad(new Position(in.line(), column), e.getOriginalMessage());
        }
    }

    private void record(JsonParser parser, Position at) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonBody.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.copyCurrentStructureExact(parser);
        }
        if (text.getBuffer().length() > StatementChunk.MAX_BODY_CHARS) {
            sink.bad(at, "a record is too long: characters=" + text.getBuffer().length());
            return;
        }
        JsonBody body = JsonBody.of(text.toString());
        String type = body.text("type");
        boolean edge = body.text("from") != null && body.text("to") != null;
        if (type == null || !edge && body.text("id") == null) {
            sink.bad(at, "neither a vertex (type, id) nor an edge (type, from, to)");
            return;
        }
        JsonBody annotations = body.object("annotations");
        String own = annotations == null ? null : annotations.text("id");
        String id = edge ? own == null ? "" : own : body.text("id");
        sink.statement(Dialect.SPADE, type, id, "", text.toString(), at);
    }
}
