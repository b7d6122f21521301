// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.Map;

/** Which process a process id means now, in the order of the records. */
final class Processes {
    /**
     * @param task the kernel's id of the leader, or of the thread that executed the program that runs now
     * @param process the kernel's id of the process
     * @param startedNs nanoseconds since boot
     */
    record Ids(long task, long process, long startedNs) {
    }

    private final Map<Integer, Ids> byTgid = new HashMap<>();

    /** Null if no process that is recorded has it. */
    Ids at(int tgid) {
        return byTgid.get(tgid);
    }

    /** A process begins, or is met; not one of its threads. */
    void begun(MemorySegment record, long at) {
        byTgid.put(RecordLayout.intAt(record, at, RecordLayout.TASK_TGID),
                new Ids(RecordLayout.object(record, at), RecordLayout.longAt(record, at, RecordLayout.TASK_PROCESS),
                        RecordLayout.longAt(record, at, RecordLayout.TASK_STARTED)));
    }

    /** It executes a program: its memory is another, and of its threads only {@code task} is left. */
    void executed(int tgid, long task, long process) {
        byTgid.computeIfPresent(tgid, (key, ids) -> new Ids(task, process, ids.startedNs));
    }

    void ended(int tgid) {
        byTgid.remove(tgid);
    }
}
