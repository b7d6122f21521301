// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.Members.Value;
import headwater.evidence.ProvTerms.Term;
import headwater.query.format.ProvStatements;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** W3C PROV-N, a statement on a line. */
final class ProvNFormat implements GraphFormat {
    /** What a name may hold only behind a backslash. */
    private static final String ESCAPED = "='(),-:;[]\\\"<>{}|^`%";

    @Override
    public String name() {
        return "prov-n";
    }

    @Override
    public void write(Part part, OutputStream out) throws IOException {
        Lines lines = new Lines(out);
        ProvStatements statements = new ProvStatements(part.view());
        try {
            lines.add("document\n");
            ProvTerms.PREFIXES.forEach((prefix, uri) -> declare(lines, prefix, uri));
            statements.prefixes().forEach((prefix, uri) -> declare(lines, prefix, uri));
            part.nodes(node -> statements.node(node, (section, id, body) -> statement(lines, section, id, body)));
            part.edges(edge -> statements.edge(edge, (section, id, body) -> statement(lines, section, id, body)));
            lines.add("endDocument\n").flush();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void declare(Lines lines, String prefix, String uri) {
        if (!prefix.equals("xsd")) {
            lines.add(prefix.equals("default") ? "default <" : "prefix " + prefix + " <").add(uri).add(">\n");
        }
    }

    private static void statement(Lines lines, String section, String id, String body) {
        Term term = ProvTerms.BY_SECTION.get(section);
        if (term == null) {
            return;
        }
        Map<String, List<Value>> members = Members.of(body);
        List<String> arguments = new ArrayList<>();
        for (String key : term.arguments()) {
            List<Value> values = members.remove(key);
            boolean time = key.endsWith("ime");
            arguments.add(values == null || values.isEmpty() ? "-" : time ? values.getFirst().text()
                    : name(values.getFirst().text()));
        }
        boolean node = term.arguments().isEmpty() || section.equals("activity");
        boolean bare = ProvTerms.isBare(section);
        String identifier = id.startsWith("_:") ? "" : name(id);
        StringBuilder line = new StringBuilder(section).append('(');
        if (node) {
            arguments.addFirst(identifier);
        } else if (!bare && !identifier.isEmpty()) {
            line.append(identifier).append("; ");
        }
        line.append(String.join(", ", arguments));
        List<String> attributes = new ArrayList<>();
        members.forEach((key, values) -> values.forEach(value -> attributes.add(name(key) + "=" + literal(value))));
        if (!attributes.isEmpty() && !bare) {
            line.append(", [").append(String.join(", ", attributes)).append(']');
        }
        lines.add("  ").add(line.append(")\n").toString());
    }

    private static String literal(Value value) {
        if (value.isName()) {
            return '\'' + name(value.text()) + '\'';
        }
        String text = '"' + value.text().replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t") + '"';
        return value.type().isEmpty() ? text : value.type().startsWith("@") ? text + value.type() : text + " %% "
                + value.type();
    }

    private static String name(String qualified) {
        int colon = qualified.indexOf(':');
        StringBuilder name = new StringBuilder(qualified.substring(0, colon + 1));
        for (int i = colon + 1; i < qualified.length(); i++) {
            char c = qualified.charAt(i);
            if (c == ' ') {
                name.append("%20");
                continue;
            }
            if (ESCAPED.indexOf(c) >= 0 && c != '-' && c != '%') {
                name.append('\\');
            }
            name.append(c);
        }
        return name.toString();
    }
}
