// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * What each process has taken in since the last line that it wrote to a log: the nodes, and the objects of which they are versions. At
 * most {@value #OF_PROCESS_MAX} of a process, and {@value #PROCESSES_MAX} processes; of more, those are forgotten that have taken in
 * nothing for longest.
 */
final class Inputs {
    static final int OF_PROCESS_MAX = 1024;
    private static final int PROCESSES_MAX = 8192;

    static final class Taken {
        /** Handles of objects by their nodes, in the order in which they were taken. */
        final Map<Long, Integer> handles = new LinkedHashMap<>();
        /** There was more than is kept. */
        boolean more;
    }

    private final Map<Long, Taken> processes = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Taken> eldest) {
            return size() > PROCESSES_MAX;
        }
    };

    /** @param process the kernel's id */
    void take(long process, long node, int handle) {
        Taken taken = processes.computeIfAbsent(process, key -> new Taken());
        if (taken.handles.size() < OF_PROCESS_MAX) {
            taken.handles.put(node, handle);
        } else if (!taken.handles.containsKey(node)) {
            taken.more = true;
        }
    }

    /** Null if it has taken in nothing. */
    Taken of(long process) {
        return processes.get(process);
    }

    /** Hands over all that is kept. */
    void each(LongConsumer nodes) {
        processes.values().forEach(taken -> taken.handles.keySet().forEach(nodes::accept));
    }

    void forget(long process) {
        processes.remove(process);
    }

    void clear() {
        processes.clear();
    }
}
