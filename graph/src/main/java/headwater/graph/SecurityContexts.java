// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The security contexts of processes. A forked process has its parent's; what an exec or the start of the capture gave is
 * asked for. The answer may be of a later program, or of another process that got the id since; so it is held back until
 * the stream of records has passed the moment of the answer, and thrown away if by then the process has ended or executed
 * something else. What cannot be said for certain is not said.
 */
final class SecurityContexts {
    private record Answer(long process, String context, long timeNs) {
    }

    private final Versions versions;
    private final Participants participants;
    private final TaskProbe probe;
    private final Map<Long, String> known = new HashMap<>();
    /** By the time of the answer. */
    private final ArrayDeque<Answer> held = new ArrayDeque<>();

    SecurityContexts(Versions versions, Participants participants, TaskProbe probe) {
        this.versions = versions;
        this.participants = participants;
        this.probe = probe;
    }

    /** The process has just begun a program, or was met. */
    void ask(long process, int tgid) {
        String context = probe.securityContext(tgid);
        if (context != null) {
            held.add(new Answer(process, context, probe.nowNs()));
        }
    }

    /** {@code child} was forked by {@code parent}. */
    void inherit(long parent, long child, int childTgid, int memory, long timeNs) {
        String context = known.get(parent);
        if (context == null) {
            ask(child, childTgid);
        } else {
            tell(child, context, memory, timeNs);
        }
    }

    /** What the process had it has still, in a memory of its own. */
    void keep(long process, int memory, long timeNs) {
        String context = known.get(process);
        if (context != null) {
            tell(process, context, memory, timeNs);
        }
    }

    private void tell(long process, String context, int memory, long timeNs) {
        known.put(process, context);
        versions.attribute(memory, Attribute.SECCTX, context, timeNs);
    }

    /** The process has ended, or has executed something: the kernel speaks of it no more. */
    void forget(long process) {
        known.remove(process);
        held.removeIf(answer -> answer.process == process);
    }

    /** All records up to {@code timeNs} have been taken in. */
    void passed(long timeNs) {
        while (!held.isEmpty() && held.getFirst().timeNs < timeNs) {
            settle(held.removeFirst(), timeNs);
        }
    }

    /** All records have been taken in. */
    void passedAll(long timeNs) {
        List<Answer> rest = new ArrayList<>(held);
        held.clear();
        rest.forEach(answer -> settle(answer, timeNs));
    }

    private void settle(Answer answer, long timeNs) {
        int memory = participants.known(answer.process);
        if (memory >= 0) {
            tell(answer.process, answer.context, memory, timeNs);
        }
    }
}
