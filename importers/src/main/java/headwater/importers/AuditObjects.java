// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.StatementChunk.Dialect;
import java.io.StringWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/**
 * Makes statements of what flows between the objects of an audit log, a new version where one has been a cause. For one
 * thread.
 */
final class AuditObjects {
    private final StatementSink sink;
    private long numbers;
    private long timeNs;
    private Position at = new Position(1, 0);
    private List<AuditRecord> event = List.of();

    AuditObjects(StatementSink sink) {
        this.sink = sink;
    }

    /** What is drawn from now on is of this event. */
    void begin(long timeNs, Position at, List<AuditRecord> event) {
        this.timeNs = timeNs;
        this.at = at;
        this.event = event;
    }

    /** A new object. @param attributes keys and values in turn */
    AuditObject object(NodeKind kind, String... attributes) {
        AuditObject object = new AuditObject(kind, ++numbers);
        for (int i = 0; i < attributes.length; i += 2) {
            object.put(attributes[i], attributes[i + 1]);
        }
        return object;
    }

    /** Into a process: {@code object} –relation→ task –memory_write→ memory. */
    void in(AuditProcess process, AuditObject object, String relation) {
        flow("used", relation, object, process.task, true);
        flow("wasGeneratedBy", "memory_write", process.task, process.memory, false);
    }

    /** Out of a process: memory –memory_read→ task –relation→ {@code object}. */
    void out(AuditProcess process, AuditObject object, String relation) {
        take(process);
        flow("wasGeneratedBy", relation, process.task, object, true);
    }

    private void take(AuditProcess process) {
        if (!process.memory.id().equals(process.taken)) {
            flow("used", "memory_read", process.memory, process.task, false);
            process.taken = process.memory.id();
        }
    }

    void fork(AuditProcess parent, AuditProcess child, String how) {
        take(parent);
        flow("wasGeneratedBy", how.equals("clone") ? "clone_mem" : how, parent.task, child.memory, false);
        flow("wasInformedBy", how, parent.task, child.task, true);
    }

    void exec(AuditProcess process, AuditObject program, String exe, List<String> arguments) {
        take(process);
        AuditObject memory = object(NodeKind.PROCESS_MEMORY);
        process.memory.attributes.forEach(memory::put);
        memory.put("cf:name", exe != null ? exe : program.attributes.get("cf:name"));
        process.memory = memory;
        for (String argument : arguments) {
            flow("wasDerivedFrom", "arg", object(NodeKind.ARGV, "cf:value", argument.isEmpty() ? " " : argument),
                    memory, false);
        }
        flow("wasDerivedFrom", "exec", program, memory, false);
        flow("wasGeneratedBy", "exec_task", process.task, memory, true);
    }

    /** @param process null if the event names none that is known */
    void log(AuditProcess process, String text) {
        AuditObject string = object(NodeKind.STRING, "cf:log", text);
        if (process == null) {
            node(string);
        } else {
            flow("used", "log", string, process.task, false);
        }
    }

    private void flow(String section, String relation, AuditObject cause, AuditObject effect, boolean whole) {
        if (effect.cause) {
            String before = effect.id();
            effect.next();
            node(effect);
            boolean activity = effect.kind.provClass() == ProvClass.ACTIVITY;
            edge(activity ? "wasInformedBy" : "wasDerivedFrom", activity ? "version_activity" : "version_entity",
                    before, effect.id(), false);
        }
        node(cause);
        node(effect);
        cause.cause = true;
        edge(section, relation, cause.id(), effect.id(), whole);
    }

    private void node(AuditObject object) {
        if (object.told) {
            return;
        }
        object.told = true;
        Map<String, String> body = new LinkedHashMap<>();
        body.put("prov:type", object.kind.text());
        body.put("hw:time", time());
        body.putAll(object.attributes);
        sink.statement(Dialect.PROV_JSON, object.kind.provClass().section(), object.id(), "", json(body), at);
    }

    /** @param whole with all that the event's SYSCALL record says */
    private void edge(String section, String relation, String cause, String effect, boolean whole) {
        ProvSection keys = ProvSection.of(section);
        Map<String, String> body = new LinkedHashMap<>();
        body.put("prov:type", relation);
        body.put("hw:time", time());
        body.put(keys.effectKey(), effect);
        body.put(keys.causeKey(), cause);
        for (AuditRecord record : event) {
            if (whole && !record.type().equals("PATH") && !record.type().equals("EXECVE")) {
                record.fields().forEach((key, value) -> body.putIfAbsent("audit:" + key, value));
                body.putIfAbsent("audit:event", record.event().strip());
            }
        }
        sink.statement(Dialect.PROV_JSON, section, "audit:e" + ++numbers, "", json(body), at);
    }

    private String time() {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, 1_000_000_000L), Math.floorMod(timeNs, 1_000_000_000L))
                .toString();
    }

    private static String json(Map<String, String> body) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JsonBody.JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            body.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
        return text.toString();
    }
}
