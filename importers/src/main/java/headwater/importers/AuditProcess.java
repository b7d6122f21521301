// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.NodeKind;

/** A process of an audit log: as in CamFlow, what it does and the memory that it does it with. */
final class AuditProcess {
    private static final String[] IDS = {"uid", "gid", "euid", "egid"};

    final AuditObject task;
    AuditObject memory;
    String parent;
    String exe = "";
    /** The version of the memory that the task took last. */
    String taken = "";

    AuditProcess(AuditObjects objects, String pid, String parent) {
        this.parent = parent;
        task = objects.object(NodeKind.TASK, "cf:pid", pid, "cf:tgid", pid, "cf:ppid", parent);
        memory = objects.object(NodeKind.PROCESS_MEMORY, "cf:tgid", pid);
    }

    /** What a SYSCALL record says of who called. */
    void tell(AuditRecord call) {
        for (String id : IDS) {
            long number = call.number(id, -1);
            task.put("cf:" + id, number < 0 ? null : Long.toString(number));
            memory.put("cf:" + id, number < 0 ? null : Long.toString(number));
        }
        for (String field : new String[] {"auid", "ses", "tty", "subj"}) {
            task.put("audit:" + field, call.field(field));
        }
        task.put("cf:command", call.field("comm"));
        task.put("cf:name", call.field("exe"));
        memory.put("cf:name", call.field("exe"));
        memory.put("cf:secctx", call.field("subj"));
    }

    void inherit(AuditProcess other) {
        memory.put("cf:name", other.memory.attributes.get("cf:name"));
        task.put("cf:name", other.task.attributes.get("cf:name"));
    }
}
