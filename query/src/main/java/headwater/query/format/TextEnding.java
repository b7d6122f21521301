// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.Dropped;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Session;
import headwater.query.Answer;
import headwater.query.AsOfView;
import headwater.query.Completeness;
import headwater.query.DroppedTime;
import headwater.query.Escapes;
import headwater.query.Labels;
import headwater.query.NodeId;
import headwater.query.Start;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** What stands around every text answer: what was asked about above it, notes and completeness below. */
final class TextEnding {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS")
            .withZone(ZoneId.systemDefault());
    private static final int MAX_GAPS = 10;
    private static final int MAX_DROPPED = 8;

    private final Answer answer;

    TextEnding(Answer answer) {
        this.answer = answer;
    }

    void write(StringBuilder text) {
        String asOf = answer.view() instanceof AsOfView then ? time(then.asOfNs()) : "";
        if (!asOf.isEmpty()) {
            text.append("note: as it was known at ").append(asOf).append('\n');
        }
        answer.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
        answer.stops().forEach(stop -> text.append("note: ").append(stop).append('\n'));
        Completeness completeness = answer.completeness();
        for (Session session : completeness.running()) {
            text.append("note: session ").append(session.number()).append(asOf.isEmpty() ? " still runs" : " was running")
                    .append(session.command().isEmpty() ? "" : " (" + Escapes.toLine(session.command()) + ")")
                    .append(asOf.isEmpty() ? "; the answer is as of now\n" : "\n");
        }
        List<Gap> gaps = completeness.gaps();
        if (!gaps.isEmpty()) {
            completeness.policies().stream().filter(policy -> !policy.equals("record"))
                    .forEach(policy -> text.append("note: recorded with --on-loss ").append(policy).append('\n'));
        }
        if (completeness.dropped() != null) {
            text.append("dropped: ").append(reaches(completeness.dropped())).append('\n');
        }
        List<GapLine> lines = GapLine.of(gaps);
        for (GapLine line : lines.subList(0, Math.min(lines.size(), MAX_GAPS))) {
            text.append("gap: ").append(line.text()).append('\n');
        }
        if (lines.size() > MAX_GAPS) {
            text.append("gap: … ").append(lines.size() - MAX_GAPS).append(" more\n");
        }
        text.append(completeness.complete() ? "complete: nothing was lost"
                : gaps.isEmpty() && completeness.dropped() != null ? "incomplete: it reaches into dropped time"
                : gaps.isEmpty() ? "incomplete: the answer was cut" : "incomplete: " + count(lines.size(), "gap"));
        text.append("; ").append(count(answer.nodeCount(), "node")).append(", ")
                .append(count(answer.flowCount(), "edge")).append('\n');
    }

    /** Such as {@code retention has dropped all up to TIME; something flowed in or out there, of 2 nodes: hw:1:0, hw:5:3}. */
    private String reaches(DroppedTime dropped) {
        GraphView view = answer.view();
        String nodes = Arrays.stream(dropped.nodes()).limit(MAX_DROPPED).mapToObj(node -> new Labels(view).of(view.object(node)))
                .distinct().collect(Collectors.joining(", "));
        return "retention has dropped all up to " + time(dropped.dropped().untilNs()) + "; the answer reaches there at "
                + count(dropped.count(), "node") + ": " + nodes + (dropped.nodes().length > MAX_DROPPED ? ", …" : "");
    }

    /** Of a whole store: null if nothing was dropped. */
    static String dropped(GraphView view) {
        Dropped dropped = view.dropped();
        return dropped.isNothing() ? null : "retention has dropped all up to " + time(dropped.untilNs()) + ": " + count(dropped.nodes(), "node")
                + ", " + count(dropped.edges(), "edge");
    }

    /** A line such as {@code /tmp/p.gz  file, 2 versions, hw:41}. */
    static void heading(StringBuilder text, Answer answer, Start start) {
        GraphView view = answer.view();
        Labels labels = new Labels(view);
        int shown = 0;
        for (long object : start.objects()) {
            if (shown++ == 8) {
                text.append("… ").append(start.objects().size() - 8).append(" more\n");
                break;
            }
            int versions = view.versions(object).length;
            text.append(labels.of(object)).append("  ").append(view.kind(object).text()).append(", ")
                    .append(count(versions, "version")).append(", ").append(NodeId.of(object));
            long imported = view.attributes(object).number(Attribute.IMPORTED, 0);
            view.sessions().stream().filter(session -> session.number() == imported && session.isImported()).forEach(session ->
                    text.append("\n  not captured here: imported as ").append(session.scope()).append(" from ")
                            .append(Escapes.toLine(session.command())));
            text.append('\n');
        }
    }

    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    static String time(long timeNs) {
        return TIME.format(Instant.ofEpochSecond(Math.floorDiv(timeNs, 1_000_000_000L),
                Math.floorMod(timeNs, 1_000_000_000L)));
    }
}
