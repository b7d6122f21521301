// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads PROV-JSON: CamFlow's, one document on a line, and documents over many lines.
 *
 * <p>Of a line with a fault only the statement with the fault is left out: CamFlow writes names as they are, so that a
 * quote in a file's name breaks its JSON. Reading goes on at the next {@code "cf:…":{} or section. A document over many
 * lines is read up to its fault.
 */
final class W3cReader {
    private static final int LINE_BYTES = 64 << 20;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).maxStringLength(8 << 20).build())
            .build();
    private static final Pattern MEMBER_OR_SECTION = Pattern.compile("\"(cf:[A-Za-z0-9+/=]{8,64})\"\\s*:\\s*\\{"
            + "|\\}\\s*,\\s*\"(activity|agent|entity|used|was[A-Z][A-Za-z]+|actedOnBehalfOf|specializationOf|alternateOf|hadMember|mentionOf)\""
            + "\\s*:\\s*\\{");

    private final LineInput in;
    private final StatementSink sink;

    /** @param in stays the caller's */
    W3cReader(InputStream in, StatementSink sink) {
        this.in = new LineInput(in, LINE_BYTES);
        this.sink = sink;
    }

    void read() throws IOException {
        boolean first = true;
        for (byte[] line = in.next(); line != null; line = in.next()) {
            if (isBlank(line)) {
                continue;
            }
            if (first && (in.wasCut() || isOpen(line) && line[line.length - 1] != '}' && !nextIsDocument())) {
                whole(line);
                return;
            }
            first = false;
            if (in.wasCut()) {
                sink.bad(new Position(in.line(), 0), "the line is longer than " + LINE_BYTES + " bytes");
            } else {
                line(line);
            }
        }
    }

    /** True if a brace or bracket of the line is not closed. */
    private static boolean isOpen(byte[] line) {
        int depth = 0;
        boolean string = false;
        for (int i = 0; i < line.length; i++) {
            byte b = line[i];
            if (string) {
                i += b == '\\' ? 1 : 0;
                string = b != '"';
            } else if (b == '"') {
                string = true;
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
        return string || depth > 0;
    }

    private boolean nextIsDocument() throws IOException {
        byte[] next = in.peek();
        return next != null && next.length > 0 && next[0] == '{';
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            // SPADE's reader skips what stands between documents; CamFlow's pipes leave zero bytes there.
            if (b > ' ') {
                return false;
            }
        }
        return true;
    }

    private void whole(byte[] line) {
        long number = in.line();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), in.from(line))) {
            ProvJsonDocument document = new ProvJsonDocument(parser, sink, number, 0);
            try {
                while (document.read()) {
                    // The next document.
                }
            } catch (JacksonException e) {
                var at = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
                sink.bad(new Position(number + Math.max(at.getLineNr(), 1) - 1, Math.max(at.getColumnNr(), 1)),
                        e.getOriginalMessage() + "; the document was read up to here, and the rest is left out");
            }
        }
    }

    private void line(byte[] line) {
        int from = 0;
        String section = "";
        while (from < line.length) {
            String before = section.isEmpty() ? "" : "{\"" + section + "\":{";
            byte[] opening = before.getBytes(StandardCharsets.UTF_8);
            InputStream bytes = new SequenceInputStream(new ByteArrayInputStream(opening),
                    new ByteArrayInputStream(line, from, line.length - from));
            try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
                ProvJsonDocument document = new ProvJsonDocument(parser, sink, in.line(), from - (long) opening.length);
                try {
                    while (document.read()) {
                        // CamFlow writes one document on a line; more do no harm.
                    }
                    return;
                } catch (JacksonException e) {
                    section = document.section();
                    long byteAt = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
                    int fault = from + (int) Math.max(byteAt - opening.length, 0);
                    sink.bad(new Position(in.line(), fault + 1L), e.getOriginalMessage());
                    from = Math.max(fault, from + 1);
                }
            }
            Resumption next = resume(line, from, section);
            from = next.from();
            section = next.section();
        }
    }

    private record Resumption(int from, String section) {
    }

    private static Resumption resume(byte[] line, int from, String section) {
        String rest = new String(line, from, line.length - from, StandardCharsets.ISO_8859_1);
        Matcher matcher = MEMBER_OR_SECTION.matcher(rest);
        if (!matcher.find() || section.isEmpty() && matcher.group(2) == null) {
            return new Resumption(line.length, section);
        }
        if (matcher.group(2) != null) {
            return new Resumption(from + matcher.end(), matcher.group(2));
        }
        return new Resumption(from + matcher.start(), section);
    }
}
