// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The annotations of a store: lines of logs, whose they were, and what had been taken in for them. */
public final class SaidLines {
    private static final JsonFactory JSON = new JsonFactory();

    /**
     * One line.
     *
     * @param id of its node
     * @param timeNs when it was written, nanoseconds since the Unix epoch
     * @param rule by which it was kept
     * @param text as its process said it
     * @param cut true if there was more of it
     * @param fields as the rule's pattern took them out, or the line's protocol claims them
     * @param process its label
     * @param pid of the process; -1 if it is not known
     * @param inputs what the process had taken in for it
     * @param more true if that was more than is kept
     */
    public record Line(String id, long timeNs, String rule, String text, boolean cut, Map<String, String> fields, String process, long pid,
            List<Input> inputs, boolean more) {
    }

    /** @param id of the node */
    public record Input(String id, String kind, String label) {
    }

    private final GraphView view;
    private final Labels labels;

    public SaidLines(GraphView view) {
        this.view = view;
        labels = new Labels(view);
    }

    /**
     * Hands over lines, oldest first.
     *
     * @param about only those of these processes, or for which these were taken in; null for all
     */
    public void each(Start about, long sinceNs, long untilNs, Consumer<Line> taker) {
        if (about == null) {
            for (long object = view.nextObject(0); object < view.objects(); object = view.nextObject(object + 1)) {
                line(object, sinceNs, untilNs, taker);
            }
            return;
        }
        TreeSet<Long> objects = new TreeSet<>();
        for (long node : about.nodes()) {
            objects.add(view.object(node));
            view.effects(node, (edge, relation, other, timeNs) -> {
                if (relation == Relation.LOGGED) {
                    objects.add(view.object(other));
                }
                return true;
            });
            view.causes(node, (edge, relation, other, timeNs) -> {
                if (relation == Relation.ANNOTATED) {
                    objects.add(view.object(other));
                }
                return true;
            });
        }
        objects.forEach(object -> line(object, sinceNs, untilNs, taker));
    }

    /** How many lines are known to be missing in that time. */
    public List<Gap> gaps(long sinceNs, long untilNs) {
        return view.gaps().stream().filter(gap -> gap.toNs() >= sinceNs && gap.fromNs() <= untilNs).toList();
    }

    private void line(long object, long sinceNs, long untilNs, Consumer<Line> taker) {
        if (view.kind(object) != NodeKind.STRING) {
            return;
        }
        GraphView.Attributes attributes = view.attributes(object);
        byte[] rule = attributes.bytes(Attribute.ANNOTATION);
        long node = view.versions(object)[0];
        long timeNs = view.timeNs(node);
        if (rule == null || timeNs < sinceNs || timeNs > untilNs) {
            return;
        }
        List<Input> inputs = new ArrayList<>();
        boolean[] more = {false};
        view.causes(node, (edge, relation, other, at) -> {
            if (relation == Relation.LOGGED) {
                long input = view.object(other);
                inputs.add(new Input(NodeId.of(input, view.version(other)), view.kind(input).text(), labels.of(input)));
                more[0] |= view.edge(edge).flags() != 0;
            }
            return true;
        });
        long[] task = {-1};
        view.effects(node, (edge, relation, other, at) -> {
            task[0] = relation == Relation.ANNOTATED ? view.object(other) : task[0];
            return true;
        });
        byte[] text = attributes.bytes(Attribute.VALUE);
        taker.accept(new Line(NodeId.of(object, 0), timeNs, text(rule), text == null ? "" : text(text),
                attributes.number(Attribute.TRUNCATED, 0) != 0, fields(attributes.bytes(Attribute.FIELDS)),
                task[0] < 0 ? "" : labels.of(task[0]), task[0] < 0 ? -1 : view.attributes(task[0]).number(Attribute.TGID, -1), inputs, more[0]));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Map<String, String> fields(byte[] json) {
        Map<String, String> fields = new LinkedHashMap<>();
        if (json == null) {
            return fields;
        }
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text(json))) {
            String key = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME) {
                    key = parser.currentName();
                } else if (token.isScalarValue()) {
                    fields.put(key, parser.getString());
                }
            }
        } catch (JacksonException e) {
            // A store of another hand.
            fields.put("fields", text(json));
        }
        return fields;
    }
}
