// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** The plainest fast graph: the causes of each node in one array in the heap. What answers are compared with. */
final class ReferenceCsr implements GraphSink {
    private int[] causes = new int[1 << 16];
    private int[] effects = new int[1 << 16];
    private int nodes;
    private int edges;
    private int[] starts;
    private int[] grouped;
    private int[] stamps;
    private int stamp;
    private int[] queue;

    int nodes() {
        return nodes;
    }

    int edges() {
        return edges;
    }

    int cause(int edge) {
        return causes[edge];
    }

    int effect(int edge) {
        return effects[edge];
    }

    /** No more events come. */
    void finish() {
        starts = new int[nodes + 1];
        for (int i = 0; i < edges; i++) {
            starts[effects[i] + 1]++;
        }
        for (int i = 0; i < nodes; i++) {
            starts[i + 1] += starts[i];
        }
        grouped = new int[edges];
        int[] at = starts.clone();
        for (int i = 0; i < edges; i++) {
            grouped[at[effects[i]]++] = causes[i];
        }
        stamps = new int[nodes];
        queue = new int[nodes];
    }

    /** How many ancestors a node has, itself not counted, but at most {@code most} or a few more. */
    int ancestors(int node, int most) {
        stamp++;
        int end = 0;
        queue[end++] = node;
        stamps[node] = stamp;
        for (int next = 0; next < end && end <= most; next++) {
            int at = queue[next];
            for (int i = starts[at]; i < starts[at + 1]; i++) {
                int cause = grouped[i];
                if (stamps[cause] != stamp) {
                    stamps[cause] = stamp;
                    queue[end++] = cause;
                }
            }
        }
        return end - 1;
    }

    /** A sum over the ancestors that were counted last. */
    long sum(int count) {
        long sum = 0;
        for (int i = 1; i <= count; i++) {
            sum += Ancestry.mix(queue[i]);
        }
        return sum;
    }

    @Override
    public void node(long node, long object, int version, NodeKind kind, long timeNs) {
        nodes++;
    }

    @Override
    public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags,
            long offset) {
        if (edges == causes.length) {
            causes = Arrays.copyOf(causes, 2 * edges);
            effects = Arrays.copyOf(effects, 2 * edges);
        }
        causes[edges] = (int) cause;
        effects[edges++] = (int) effect;
    }

    @Override
    public void sessionStart(Session session) {
    }

    @Override
    public void sessionEnd(long timeNs) {
    }

    @Override
    public void attribute(long object, Attribute attribute, long value, long timeNs) {
    }

    @Override
    public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
    }

    @Override
    public void gap(Gap gap) {
    }
}
