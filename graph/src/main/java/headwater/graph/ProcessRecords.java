// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Relation;
import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;

/**
 * Information that flows from process to process with nothing between. Bytes flow from memory to memory, by the task that acts;
 * what only tells (a signal, an exit status) flows from task to task, as nobody's memory is taken:
 *
 * <pre>
 *   bytes taken   memory of the other ─▶ task ─▶ memory           bytes put   memory ─▶ task ─▶ memory of the other
 *   told          memory ─▶ task ─▶ task of the other ─▶ memory of the other
 * </pre>
 *
 * <p>One of the two may have ended meanwhile, or its first thread have. What is said to a process that has ended is not drawn:
 * nobody learns of it.
 */
final class ProcessRecords {
    private final Versions versions;
    private final Participants participants;
    private final Expansion expansion;

    ProcessRecords(Versions versions, Participants participants, Expansion expansion) {
        this.versions = versions;
        this.participants = participants;
        this.expansion = expansion;
    }

    /**
     * @param taken from the other process to the one who acts, rather than the other way
     * @param byTask from task to task
     */
    void flowed(boolean taken, boolean byTask, Relation relation, MemorySegment record, long at, long timeNs) {
        long taskId = RecordLayout.task(record, at);
        long otherId = RecordLayout.extra(record, at);
        long flags = RecordLayout.arg(record, at) & 0xffffffffL;
        long sink = RecordLayout.object(record, at);
        if (!taken && (participants.known(sink) < 0 || participants.hasDeparted(sink))) {
            return;
        }
        int task = participants.task(taskId, timeNs);
        int cause = participants.memory(RecordLayout.from(record, at), taken ? otherId : taskId, timeNs);
        int effect = participants.memory(sink, taken ? taskId : otherId, timeNs);
        if (!byTask) {
            if (taken) {
                expansion.used(relation, cause, task, effect, timeNs, flags, -1);
            } else {
                expansion.generated(relation, cause, task, effect, timeNs, flags, -1);
            }
            return;
        }
        boolean hasOther = participants.known(otherId) >= 0;
        int other = hasOther ? participants.task(otherId, timeNs) : taken ? cause : effect;
        int teller = taken ? other : task;
        int told = taken ? task : other;
        versions.flow(Relation.MEMORY_READ, cause, teller, timeNs, task, 0, -1);
        versions.flow(relation, teller, told, timeNs, task, flags, -1);
        versions.flow(Relation.MEMORY_WRITE, told, effect, timeNs, task, 0, -1);
    }
}
