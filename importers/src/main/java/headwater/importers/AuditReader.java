// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.importers.StatementSink.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads audit logs, raw or as ausearch shows them: gathers the records of one event, which may come between those of
 * others, and hands whole events on. An event is over with its EOE or PROCTITLE record, or when many newer ones have
 * begun.
 */
final class AuditReader {
    private static final int LINE_BYTES = 1 << 20;
    private static final int OPEN_MAX = 256;
    private static final int RECORDS_MAX = 10_000;

    private final LineInput in;
    private final StatementSink sink;
    private final AuditGraph graph;
    private final Map<String, List<AuditRecord>> open = new LinkedHashMap<>();

    /** @param in stays the caller's */
    AuditReader(InputStream in, StatementSink sink) {
        this.in = new LineInput(in, LINE_BYTES);
        this.sink = sink;
        this.graph = new AuditGraph(sink);
    }

    void read() throws IOException {
        for (byte[] bytes = in.next(); bytes != null; bytes = in.next()) {
            Position at = new Position(in.line(), 0);
            if (in.wasCut()) {
                sink.bad(at, "the line is longer than " + LINE_BYTES + " bytes");
                continue;
            }
            String line = new String(bytes, StandardCharsets.UTF_8).strip();
            if (line.isEmpty() || line.startsWith("----") || line.startsWith("time->")) {
                continue;
            }
            AuditRecord record = AuditRecord.of(line);
            if (record == null) {
                sink.bad(at, "no audit record: it has to begin with type=TYPE msg=audit(TIME:SERIAL):");
            } else {
                take(record, at);
            }
        }
        for (List<AuditRecord> event : open.values()) {
            graph.event(event, new Position(in.line(), 0));
        }
    }

    private void take(AuditRecord record, Position at) {
        List<AuditRecord> event = open.computeIfAbsent(record.event(), key -> new ArrayList<>());
        if (event.size() < RECORDS_MAX) {
            event.add(record);
        } else {
            sink.bad(at, "an event of more than " + RECORDS_MAX + " records: event=" + record.event());
        }
        boolean over = record.type().equals("EOE") || record.type().equals("PROCTITLE") || event.size() == 1
                && isAlone(record);
        if (over) {
            graph.event(open.remove(record.event()), at);
        } else if (open.size() > OPEN_MAX) {
            Iterator<List<AuditRecord>> oldest = open.values().iterator();
            graph.event(oldest.next(), at);
            oldest.remove();
        }
    }

    /** What programs write has one record; what the kernel says of a call has several. */
    private static boolean isAlone(AuditRecord record) {
        return switch (record.type()) {
            case "SYSCALL", "PATH", "CWD", "EXECVE", "SOCKADDR", "OPENAT2", "IPC", "BPRM_FCAPS", "MMAP", "FD_PAIR",
                    "AVC", "KERN_MODULE",
                    "NETFILTER_CFG", "CONFIG_CHANGE", "SECCOMP", "ANOM_PROMISCUOUS", "INTEGRITY_PCR",
                    "MAC_POLICY_LOAD" -> false;
            default -> true;
        };
    }
}
