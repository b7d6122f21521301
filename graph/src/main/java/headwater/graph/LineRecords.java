// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.graph.lines.AnnotationRule;
import headwater.graph.lines.Annotations;
import headwater.graph.lines.FieldsJson;
import headwater.graph.lines.JournalMessage;
import headwater.graph.lines.LineCutter;
import headwater.graph.lines.LineFormat;
import headwater.graph.lines.LineMatch;
import headwater.graph.lines.SaidLine;
import headwater.graph.lines.StreamHeader;
import headwater.graph.lines.SyslogMessage;
import headwater.graph.lines.UserBudget;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * What processes write to logs becomes annotations of what they were doing: {@code docs/annotation.md}. A line is a {@code string} node;
 * what the process had taken in for it flows into it ({@code logged}), and it says what its task was doing ({@code annotated}). Whose line
 * it is the kernel says; what is in it, the process.
 */
final class LineRecords {
    /** Flag of {@code logged}: the process had taken in more than is kept. */
    static final long MORE = 1;

    private static final int TGID_SHIFT = 32;
    private static final int HEADERS_MAX = 4096;
    private static final long GAP_INTERVAL_NS = 1_000_000_000;

    /** One record: who wrote, and which rules mean the log. */
    private record Written(long task, long process, int uid, List<AnnotationRule> rules, LineFormat format, Map<String, String> claimed,
            long timeNs) {
    }

    private final Versions versions;
    private final Participants participants;
    private final Processes processes;
    private final Paths paths;
    private final TaskProbe probe;
    private final GraphSink sink;
    private final AnnotationRule[] rules = new AnnotationRule[2 * Annotations.RULES_MAX];
    private boolean active;
    private UserBudget budget = new UserBudget(Annotations.LINES_PER_SECOND);
    private final LineCutter cutter = new LineCutter();
    private final Inputs inputs = new Inputs();
    /** What waits for the rest of its line. */
    private final Map<LineCutter.Source, Written> unfinished = new LinkedHashMap<>();
    /** Of streams to the journal, by log: empty if none was seen. */
    private final Map<Long, Map<String, String>> headers = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Map<String, String>> eldest) {
            return size() > HEADERS_MAX;
        }
    };
    private long leftOut;
    private long limited;
    private long limitedFromNs;
    private long limitedToNs;

    LineRecords(Versions versions, Participants participants, Processes processes, Paths paths, TaskProbe probe, GraphSink sink) {
        this.versions = versions;
        this.participants = participants;
        this.processes = processes;
        this.paths = paths;
        this.probe = probe;
        this.sink = sink;
    }

    /** From now on the rules of one half are these: see {@link GraphBuilder#annotations}. */
    void rules(int half, Annotations annotations) {
        if (!annotations.rules().isEmpty()) {
            budget = new UserBudget(annotations.linesPerSecond());
        }
        for (int i = 0; i < Annotations.RULES_MAX; i++) {
            rules[half * Annotations.RULES_MAX + i] = i < annotations.rules().size() ? annotations.rules().get(i) : null;
        }
        active = false;
        for (AnnotationRule rule : rules) {
            active |= rule != null;
        }
        if (!active) {
            inputs.clear();
        }
    }

    boolean isActive() {
        return active;
    }

    /** Hands over the nodes that lines to come may name. */
    void inUse(LongConsumer nodes) {
        inputs.each(nodes);
    }

    /** A flow was drawn: a process may have taken something in. Opens and accepts bring no bytes. */
    void flowed(MemorySegment record, long at) {
        if ((RecordLayout.flags(record, at) & RecordFlag.BEFORE) != 0) {
            return;
        }
        switch (RecordLayout.op(record, at)) {
            case FlowOp.READ, FlowOp.MMAP_PRIVATE, FlowOp.MMAP_SHARED, FlowOp.RECEIVE, FlowOp.RECEIVE_QUEUE, FlowOp.READ_DIRECTORY,
                    FlowOp.SHARE_READ, FlowOp.READ_IOCTL -> took(RecordLayout.object(record, at), RecordLayout.from(record, at));
            case FlowOp.COPY -> took(processOf(RecordLayout.task(record, at)), RecordLayout.from(record, at));
            default -> { }
        }
    }

    private void took(long process, long from) {
        int handle = participants.known(from);
        /* Memory that processes share holds whatever it held before: it says nothing of this line. */
        if (process != 0 && handle >= 0 && versions.kind(handle) != NodeKind.SHM) {
            inputs.take(process, versions.node(handle), handle);
        }
    }

    private int tgidOf(long task) {
        int handle = participants.known(task);
        return handle < 0 || versions.kind(handle) != NodeKind.TASK ? 0 : (int) (versions.facts(handle) >>> TGID_SHIFT);
    }

    private long processOf(long task) {
        Processes.Ids ids = processes.at(tgidOf(task));
        return ids == null ? 0 : ids.process();
    }

    /** {@link headwater.record.RecordType#LINE}. */
    void written(MemorySegment record, long at, int lengthBytes, long timeNs) {
        int captured = RecordLayout.intAt(record, at, RecordLayout.LINE_CAPTURED);
        if (captured < 0 || captured > lengthBytes - RecordLayout.LINE_TEXT) {
            throw new MalformedRecordException("line is longer than its record: captured=" + captured + ", lengthBytes=" + lengthBytes);
        }
        long task = RecordLayout.longAt(record, at, RecordLayout.LINE_TASK);
        int tgid = tgidOf(task);
        List<AnnotationRule> meant = meant(record, at, tgid);
        if (captured == 0 || meant.isEmpty()) {
            return;
        }
        boolean isMessage = RecordLayout.op(record, at) != 0;
        long log = RecordLayout.object(record, at);
        byte[] bytes = record.asSlice(at + RecordLayout.LINE_TEXT, captured).toArray(ValueLayout.JAVA_BYTE);
        boolean missing = captured < (RecordLayout.arg(record, at) & 0xffffffffL);
        LineFormat format = meant.getFirst().format();
        Map<String, String> claimed = Map.of();
        if (format == LineFormat.STDOUT) {
            StreamHeader header = headers.containsKey(log) ? null : StreamHeader.of(bytes);
            headers.putIfAbsent(log, header == null ? Map.of() : header.fields());
            bytes = header == null ? bytes : java.util.Arrays.copyOfRange(bytes, header.bytes(), bytes.length);
            claimed = headers.get(log);
        }
        Written written = new Written(task, processOf(task), RecordLayout.intAt(record, at, RecordLayout.LINE_UID), meant, format, claimed,
                timeNs);
        boolean any;
        if (isMessage || format == LineFormat.SYSLOG || format == LineFormat.JOURNAL) {
            any = line(written, bytes, missing);
        } else {
            any = lines(written, new LineCutter.Source(tgid, log), bytes, missing);
        }
        if (any) {
            inputs.forget(written.process);
        }
    }

    private List<AnnotationRule> meant(MemorySegment record, long at, int tgid) {
        long bits = RecordLayout.longAt(record, at, RecordLayout.LINE_RULES);
        List<AnnotationRule> meant = new ArrayList<>(1);
        String cgroup = null;
        for (; bits != 0; bits &= bits - 1) {
            AnnotationRule rule = rules[Long.numberOfTrailingZeros(bits)];
            if (rule == null) {
                continue;
            }
            if (!rule.unit().isEmpty() && cgroup == null) {
                cgroup = probe.cgroup(RecordLayout.longAt(record, at, RecordLayout.LINE_CGROUP), tgid);
            }
            if (rule.isOfUnit(cgroup)) {
                meant.add(rule);
            }
        }
        return meant;
    }

    /** True if a line was complete, kept or left out. */
    private boolean lines(Written written, LineCutter.Source source, byte[] bytes, boolean missing) {
        boolean[] any = {false};
        cutter.written(source, bytes, missing, (from, line, cut) -> {
            // One that had to make way is another's.
            Written whose = from.equals(source) ? written : unfinished.remove(from);
            if (whose != null) {
                any[0] |= line(whose, line, cut) && from.equals(source);
            }
        });
        if (cutter.waits(source)) {
            unfinished.put(source, written);
        } else {
            unfinished.remove(source);
        }
        return any[0];
    }

    private boolean line(Written written, byte[] bytes, boolean cut) {
        if (!budget.take(written.uid, written.timeNs)) {
            limit(written.timeNs);
            return true;
        }
        SaidLine said = switch (written.format) {
            case LINES -> SaidLine.of(text(bytes));
            case STDOUT -> new SaidLine(text(bytes), written.claimed);
            case SYSLOG -> SyslogMessage.parse(text(bytes));
            case JOURNAL -> JournalMessage.parse(bytes);
        };
        for (AnnotationRule rule : written.rules) {
            Map<String, String> fields = rule.fields(said);
            if (fields != null) {
                draw(written, rule, said, fields, cut);
                return true;
            }
        }
        return false;
    }

    private static String text(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    private void draw(Written written, AnnotationRule rule, SaidLine said, Map<String, String> fields, boolean cut) {
        long timeNs = written.timeNs;
        int task = participants.task(written.task, timeNs);
        int line = versions.create(NodeKind.STRING, timeNs);
        text(line, Attribute.VALUE, said.text(), timeNs);
        if (cut) {
            versions.attribute(line, Attribute.TRUNCATED, 1, timeNs);
        }
        text(line, Attribute.ANNOTATION, rule.name(), timeNs);
        if (!fields.isEmpty()) {
            text(line, Attribute.FIELDS, FieldsJson.of(fields), timeNs);
        }
        Inputs.Taken taken = inputs.of(written.process);
        if (taken != null) {
            String about = rule.pathGroup().isEmpty() ? null : fields.get(rule.pathGroup());
            attach(taken, about, line, task, timeNs);
        }
        versions.flow(Relation.ANNOTATED, line, task, timeNs, task, 0, -1);
        versions.attribute(line, Attribute.DISCLOSED_BY, versions.node(task), timeNs);
        versions.release(line);
    }

    /** If the line says which file it is about, and the process has read that, no other file is attached. */
    private void attach(Inputs.Taken taken, String about, int line, int task, long timeNs) {
        boolean narrowed = false;
        for (int i = 0; about != null && i < taken.size(); i++) {
            narrowed |= LineMatch.isAbout(paths.textOf(taken.handle(i)), about);
        }
        for (int i = 0; i < taken.size(); i++) {
            int handle = taken.handle(i);
            if (!narrowed || versions.kind(handle) == NodeKind.SOCKET || LineMatch.isAbout(paths.textOf(handle), about)) {
                versions.flowFrom(Relation.LOGGED, taken.node(i), line, timeNs, task, taken.more() ? MORE : 0);
            }
        }
    }

    private void text(int handle, Attribute attribute, String text, long timeNs) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        versions.attribute(handle, attribute, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }

    /* ---- what is left out ---- */

    private void limit(long timeNs) {
        if (limited == 0) {
            limitedFromNs = timeNs;
        }
        limited++;
        leftOut++;
        limitedToNs = Math.max(limitedFromNs, timeNs);
        if (timeNs - limitedFromNs >= GAP_INTERVAL_NS) {
            tellLimited();
        }
    }

    /** Lines left out so far. */
    long leftOut() {
        return leftOut;
    }

    private void tellLimited() {
        if (limited > 0) {
            sink.gap(new Gap(Gap.Cause.LIMITED, Gap.Kind.LINE, -1, limitedFromNs, limitedToNs, limited));
            limited = 0;
        }
    }

    /** A record has this time: what was left out up to a second before it is told. */
    void passed(long timeNs) {
        if (limited > 0 && timeNs - limitedFromNs >= GAP_INTERVAL_NS) {
            tellLimited();
        }
    }

    /** The last task of its process ends; not told yet to anybody else. */
    void ended(long task, long process) {
        cutter.ended(tgidOf(task), this::last);
        inputs.forget(process);
    }

    /** All records have come. */
    void finish() {
        cutter.finish(this::last);
        tellLimited();
    }

    private void last(LineCutter.Source source, byte[] line, boolean cut) {
        Written whose = unfinished.remove(source);
        if (whose != null && !participants.hasDeparted(whose.task) && participants.known(whose.task) >= 0) {
            line(whose, line, cut);
        }
    }
}
