// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Session;
import headwater.query.Escapes;
import headwater.query.Folders;
import headwater.query.RunDiff;
import headwater.query.RunDiff.Act;
import headwater.query.RunDiff.Done;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/**
 * What differs between two runs: as text, lines that begin with {@code -} for what only the first did and {@code +} for what only the
 * second did, by act; or as one JSON object.
 */
public final class DiffWriter {
    private static final int MAX_LINES = 60;
    private static final int REST_GROUPS = 8;

    private final Session first;
    private final Session second;
    private final RunDiff.Result result;
    private final boolean sameStore;
    private final boolean all;

    /**
     * @param all show each name, however many
     */
    public DiffWriter(Session first, Session second, RunDiff.Result result, boolean sameStore, boolean all) {
        this.first = first;
        this.second = second;
        this.result = result;
        this.sameStore = sameStore;
        this.all = all;
    }

    public void write(boolean json, OutputStream out) throws IOException {
        if (json) {
            json(out);
            return;
        }
        StringBuilder text = new StringBuilder();
        heading(text, "-", first);
        heading(text, "+", second);
        text.append(result.same() ? "\nBoth did the same.\n" : "");
        for (Act act : Act.values()) {
            section(text, act);
        }
        if (!result.changed().isEmpty()) {
            text.append("\nOther content (").append(result.changed().size()).append(")\n");
            result.changed().stream().limit(all ? Long.MAX_VALUE : MAX_LINES)
                    .forEach(changed -> text.append("  ").append(changed.name()).append("  ").append(changed.how()).append('\n'));
            more(text, result.changed().size() - MAX_LINES);
        }
        text.append('\n');
        result.incomplete().forEach(why -> text.append("note: ").append(why).append('\n'));
        text.append(sameStore ? "" : "note: two stores: whether a file was written in between is not known, only whether it is another inode\n");
        text.append(result.incomplete().isEmpty() ? "complete: nothing was lost; " : "incomplete; ").append("only the first: ")
                .append(result.onlyFirst().size()).append(", only the second: ").append(result.onlySecond().size()).append(", both: ")
                .append(result.common()).append(", with other content: ").append(result.changed().size()).append('\n');
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static void heading(StringBuilder text, String sign, Session session) {
        text.append(sign).append(" run ").append(session.number()).append(", ").append(TextEnding.time(session.startNs()))
                .append(session.command().isEmpty() ? "" : "  " + Escapes.toLine(session.command())).append('\n');
    }

    private void section(StringBuilder text, Act act) {
        List<Done> one = result.onlyFirst().stream().filter(done -> done.act() == act).toList();
        List<Done> other = result.onlySecond().stream().filter(done -> done.act() == act).toList();
        if (one.isEmpty() && other.isEmpty()) {
            return;
        }
        String title = act.text();
        text.append('\n').append(Character.toUpperCase(title.charAt(0))).append(title.substring(1)).append('\n');
        lines(text, "- ", one);
        lines(text, "+ ", other);
    }

    private void lines(StringBuilder text, String sign, List<Done> done) {
        done.stream().limit(all ? Long.MAX_VALUE : MAX_LINES).forEach(one -> text.append(sign).append(one.name()).append('\n'));
        if (!all && done.size() > MAX_LINES) {
            Folders folders = new Folders();
            done.subList(MAX_LINES, done.size()).forEach(one -> folders.add(one.name()));
            text.append(sign).append("… and ").append(done.size() - MAX_LINES).append(" more: ").append(String.join(", ",
                    folders.groups(REST_GROUPS).stream().map(group -> group.count() + " of " + group.folder()).toList()))
                    .append(" (--all shows them)\n");
        }
    }

    private void more(StringBuilder text, int more) {
        if (more > 0 && !all) {
            text.append("  … and ").append(more).append(" more (--all shows them)\n");
        }
    }

    private void json(OutputStream out) throws IOException {
        try (JsonGenerator json = JsonFormat.lines(out)) {
            json.writeStartObject();
            json.writeNumberProperty("first", first.number());
            json.writeNumberProperty("second", second.number());
            json.writeBooleanProperty("same", result.same());
            json.writeBooleanProperty("complete", result.incomplete().isEmpty());
            json.writeArrayPropertyStart("incomplete");
            result.incomplete().forEach(json::writeString);
            json.writeEndArray();
            list(json, "only_first", result.onlyFirst());
            list(json, "only_second", result.onlySecond());
            json.writeArrayPropertyStart("changed");
            for (RunDiff.Changed changed : result.changed()) {
                json.writeStartObject();
                json.writeStringProperty("name", changed.name());
                json.writeStringProperty("how", changed.how());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberProperty("common", result.common());
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JacksonException e) {
            throw JsonFormat.unwrapped(e);
        }
    }

    private static void list(JsonGenerator json, String name, List<Done> done) {
        json.writeArrayPropertyStart(name);
        for (Done one : done) {
            json.writeStartObject();
            json.writeStringProperty("act", one.act().text());
            json.writeStringProperty("name", one.name());
            json.writeNumberProperty("times", one.times());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
