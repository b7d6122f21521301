// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.Dropped;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.query.Answer;
import headwater.query.AsOfView;
import headwater.query.CausalPaths;
import headwater.query.DroppedTime;
import headwater.query.Escapes;
import headwater.query.Flow;
import headwater.query.FlowFilter;
import headwater.query.Labels;
import headwater.query.Limits;
import headwater.query.NodeFilter;
import headwater.query.NodeId;
import headwater.query.Question;
import headwater.query.Selection;
import headwater.query.Start;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Headwater's own JSON: one object of {@code query}, {@code complete}, {@code gaps}, {@code nodes} and {@code edges},
 * and a newline. Of an edge, {@code from} is the effect and {@code to} the cause, as in PROV. Times are RFC 3339 with
 * nanoseconds; bytes that are not UTF-8 are written {@code \xNN}.
 */
public final class JsonFormat implements AnswerFormat, StoreFormat {
    private static final long NS_PER_SECOND = 1_000_000_000;

    @Override
    public boolean saysWhatIsMissing() {
        return true;
    }

    @Override
    public String name() {
        return "json";
    }

    @Override
    public void write(Answer answer, Detail detail, OutputStream out) throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            query(json, answer);
            json.writeBooleanProperty("complete", answer.completeness().complete());
            gaps(json, answer.completeness().gaps());
            dropped(json, answer);
            json.writeArrayPropertyStart("nodes");
            Labels labels = new Labels(answer.view());
            ImportedStatements imported = new ImportedStatements(answer.view());
            if (answer.extent() != null) {
                answer.extent().eachNode(node -> node(json, answer.view(), labels, imported, node));
            } else {
                for (long node : answer.nodes()) {
                    node(json, answer.view(), labels, imported, node);
                }
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("edges");
            if (answer.extent() != null) {
                answer.extent().eachFlow((number, relation, cause, effect, timeNs) -> edge(json, answer.view(), number, relation, cause,
                        effect, timeNs));
            } else {
                for (Flow flow : answer.flows()) {
                    edge(json, answer.view(), flow.edge(), flow.relation(), flow.cause(), flow.effect(), flow.timeNs());
                }
            }
            json.writeEndArray();
            paths(json, answer);
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonException e) {
            throw unwrapped(e);
        }
    }

    @Override
    public void write(GraphView view, Selection selection, OutputStream out) throws IOException {
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            json.writeObjectPropertyStart("query");
            json.writeStringProperty("verb", "export");
            selection(json, view, selection.where(), selection.follow());
            json.writeEndObject();
            json.writeBooleanProperty("complete", view.gaps().isEmpty() && view.dropped().isNothing());
            gaps(json, view.gaps());
            dropped(json, view);
            json.writeArrayPropertyStart("nodes");
            Labels labels = new Labels(view);
            ImportedStatements imported = new ImportedStatements(view);
            Slice slice = Slice.of(view, selection);
            while (slice.nodes().hasNext()) {
                long node = slice.nodes().nextLong();
                if (view.kind(view.object(node)) != NodeKind.STATEMENTS) {
                    node(json, view, labels, imported, node);
                }
            }
            json.writeEndArray();
            json.writeArrayPropertyStart("edges");
            while (slice.edges().hasNext()) {
                GraphView.Edge edge = view.edge(slice.edges().nextLong());
                edge(json, view, edge.number(), edge.relation(), edge.cause(), edge.effect(), edge.timeNs());
            }
            json.writeEndArray();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonException e) {
            throw unwrapped(e);
        }
    }

    static JsonGenerator generator(OutputStream out) {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
        return factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** One that puts each value on a line of its own. */
    static JsonGenerator lines(OutputStream out) {
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).rootValueSeparator("\n").build();
        return factory.createGenerator(ObjectWriteContext.empty(), out);
    }

    static IOException unwrapped(JacksonException e) {
        return e.getCause() instanceof IOException io ? io : new IOException(e.getMessage(), e);
    }

    private static void query(JsonGenerator json, Answer answer) {
        Question question = answer.question();
        Limits limits = question.limits();
        json.writeObjectPropertyStart("query");
        json.writeStringProperty("verb", question.verb());
        strings(json, "what", question.whats());
        json.writeArrayPropertyStart("start");
        for (Start start : answer.starts()) {
            for (long node : start.nodes()) {
                json.writeString(id(answer.view(), node));
            }
        }
        json.writeEndArray();
        if (limits.depth() != Limits.UNLIMITED) {
            json.writeNumberProperty("depth", limits.depth());
        }
        if (limits.count() != Limits.UNLIMITED) {
            json.writeNumberProperty("limit", limits.count());
        }
        if (limits.sinceNs() != Long.MIN_VALUE) {
            json.writeStringProperty("since", time(limits.sinceNs()));
        }
        if (limits.untilNs() != Long.MAX_VALUE) {
            json.writeStringProperty("until", time(limits.untilNs()));
        }
        if (!limits.kinds().isEmpty()) {
            strings(json, "kinds", limits.kinds().stream().sorted().map(NodeKind::text).toList());
        }
        if (!limits.relations().isEmpty()) {
            strings(json, "relations", limits.relations().stream().sorted().map(Relation::text).toList());
        }
        selection(json, answer.view(), limits.where(), limits.follow());
        json.writeBooleanProperty("disclosed", limits.disclosed());
        if (question.verb().equals(Question.REPORT)) {
            json.writeArrayPropertyStart("reached");
            for (long node : answer.reached()) {
                json.writeString(id(answer.view(), node));
            }
            json.writeEndArray();
        }
        strings(json, "notes", answer.notes());
        strings(json, "stopped", answer.stops());
        json.writeArrayPropertyStart("running");
        answer.completeness().running().forEach(session -> json.writeNumber(session.number()));
        json.writeEndArray();
        strings(json, "on_loss", answer.completeness().policies());
        json.writeEndObject();
    }

    private static void selection(JsonGenerator json, GraphView view, NodeFilter where, FlowFilter follow) {
        if (where != null) {
            json.writeStringProperty("where", where.text());
        }
        if (follow != null) {
            json.writeStringProperty("follow", follow.text());
        }
        if (view instanceof AsOfView then) {
            json.writeStringProperty("as_of", time(then.asOfNs()));
        }
    }

    /** Each path by the places of its edges in {@code edges}. */
    private static void paths(JsonGenerator json, Answer answer) {
        if (answer.paths().isEmpty()) {
            return;
        }
        Map<Long, Integer> places = new HashMap<>();
        for (Flow flow : answer.flows()) {
            places.put(flow.edge(), places.size());
        }
        json.writeArrayPropertyStart("paths");
        for (List<Flow> path : answer.paths()) {
            json.writeStartObject();
            json.writeNumberProperty("steps", CausalPaths.steps(path));
            json.writeNumberProperty("ns", path.getLast().timeNs() - path.getFirst().timeNs());
            json.writeArrayPropertyStart("edges");
            path.forEach(flow -> json.writeNumber(places.get(flow.edge())));
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void strings(JsonGenerator json, String name, Collection<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
    }

    private static void dropped(JsonGenerator json, Answer answer) {
        DroppedTime reached = answer.completeness().dropped();
        if (reached != null) {
            json.writeObjectPropertyStart("dropped");
            times(json, reached.dropped());
            json.writeNumberProperty("count", reached.count());
            json.writeArrayPropertyStart("frontier");
            for (long node : reached.nodes()) {
                json.writeString(id(answer.view(), node));
            }
            json.writeEndArray();
            json.writeEndObject();
        }
    }

    /** What was dropped of the whole store, if anything was. */
    static void dropped(JsonGenerator json, GraphView view) {
        Dropped dropped = view.dropped();
        if (!dropped.isNothing()) {
            json.writeObjectPropertyStart("dropped");
            times(json, dropped);
            json.writeNumberProperty("nodes", dropped.nodes());
            json.writeNumberProperty("edges", dropped.edges());
            json.writeEndObject();
        }
    }

    private static void times(JsonGenerator json, Dropped dropped) {
        json.writeStringProperty("from", time(dropped.fromNs()));
        json.writeStringProperty("until", time(dropped.untilNs()));
    }

    static void gaps(JsonGenerator json, List<Gap> gaps) {
        json.writeArrayPropertyStart("gaps");
        for (Gap gap : gaps) {
            json.writeStartObject();
            json.writeStringProperty("cause", gap.cause().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty("text", gap.cause().text());
            json.writeStringProperty("kind", gap.kind().name().toLowerCase(Locale.ROOT));
            json.writeStringProperty("kind_text", gap.kind().text());
            json.writeBooleanProperty("lasting", gap.lasting());
            json.writeNumberProperty("cpu", gap.cpu());
            json.writeStringProperty("from", time(gap.fromNs()));
            json.writeStringProperty("to", time(gap.toNs()));
            json.writeNumberProperty("count", gap.count());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** What imported evidence says, in its own words, and who said so. */
    private static void source(JsonGenerator json, ImportedStatements imported, Session session, long node) {
        json.writeObjectPropertyStart("imported");
        json.writeNumberProperty("session", session.number());
        json.writeStringProperty("format", session.scope());
        json.writeStringProperty("from", session.command());
        json.writeArrayPropertyStart("statements");
        imported.node(node).forEach(statement -> {
            json.writeStartObject();
            json.writeStringProperty("section", statement.section());
            json.writeStringProperty("id", statement.id());
            json.writeName("body");
            json.writeRawValue(statement.body());
            json.writeEndObject();
        });
        json.writeEndArray();
        json.writeEndObject();
    }

    static void node(JsonGenerator json, GraphView view, Labels labels, ImportedStatements imported, long node) {
        long object = view.object(node);
        GraphView.Attributes attributes = view.attributes(object);
        json.writeStartObject();
        json.writeStringProperty("id", id(view, node));
        json.writeStringProperty("kind", view.kind(object).text());
        json.writeStringProperty("label", labels.of(object));
        json.writeNumberProperty("version", view.version(node));
        if (attributes.number(Attribute.DISCLOSED_BY, -1) >= 0) {
            json.writeBooleanProperty("disclosed", true);
        }
        Session session = imported.of(object);
        if (session != null) {
            source(json, imported, session, node);
        }
        json.writeObjectPropertyStart("attributes");
        for (Attribute attribute : attributes.known()) {
            if (attribute == Attribute.INODE_KEY) {
                json.writeStringProperty(attribute.text(), HexFormat.of().formatHex(attributes.bytes(attribute)));
            } else if (attribute == Attribute.DISCLOSED_BY) {
                json.writeStringProperty(attribute.text(), id(view, attributes.number(attribute, 0)));
            } else if (attribute == Attribute.STATEMENTS) {
                json.writeNumberProperty(attribute.text() + "_bytes", attributes.bytes(attribute).length);
            } else if (attribute == Attribute.STARTED || attribute == Attribute.CREATED || attribute == Attribute.DIGESTED
                    || attribute == Attribute.DIGESTED_CTIME) {
                json.writeStringProperty(attribute.text(), time(attributes.number(attribute, 0)));
            } else if (attribute.isBytes()) {
                json.writeStringProperty(attribute.text(), Escapes.toText(attributes.bytes(attribute)));
            } else {
                json.writeNumberProperty(attribute.text(), attributes.number(attribute, 0));
            }
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    static void edge(JsonGenerator json, GraphView view, long number, Relation relation, long cause, long effect,
            long timeNs) {
        json.writeStartObject();
        json.writeStringProperty("from", id(view, effect));
        json.writeStringProperty("to", id(view, cause));
        json.writeStringProperty("relation", relation.text());
        json.writeStringProperty("time", time(timeNs));
        if (relation.isDisclosed()) {
            disclosed(json, view, view.edge(number));
        }
        json.writeEndObject();
    }

    /** Who told, and what it told of the relation itself. */
    private static void disclosed(JsonGenerator json, GraphView view, GraphView.Edge edge) {
        json.writeBooleanProperty("disclosed", true);
        if (edge.task() >= 0) {
            json.writeStringProperty("disclosed_by", id(view, edge.task()));
        }
        json.writeBooleanProperty("only", (edge.flags() & DisclosedFlags.EXHAUSTIVE) != 0);
        if ((edge.flags() & DisclosedFlags.ATTRIBUTED) != 0) {
            json.writeStringProperty("attributes", Escapes.toText(view.attributes(edge.offset()).bytes(Attribute.DISCLOSED)));
        }
    }

    private static String id(GraphView view, long node) {
        return NodeId.of(view.object(node), view.version(node));
    }

    static String time(long timeNs) {
        long second = Math.floorDiv(timeNs, NS_PER_SECOND);
        return Instant.ofEpochSecond(second, Math.floorMod(timeNs, NS_PER_SECOND)).toString();
    }
}
