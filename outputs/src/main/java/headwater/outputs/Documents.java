// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.GraphView.Edge;

/** Collects nodes and edges into documents of bounded size. For one thread. */
interface Documents {
    /** True if both nodes stand again before each edge; false if a node stands once, before the first. */
    boolean duplicates();

    void node(long node);

    /** Both of its nodes have been added, to this document or to an earlier one. */
    void edge(Edge edge);

    /** True if nothing was added since the last {@link #take}. */
    boolean isEmpty();

    /** True if the document should be taken before more is added: it is at most one edge with its two nodes over its size. */
    boolean full();

    /** The document; a new one begins. */
    String take();
}
