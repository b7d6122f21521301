// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;

/** Stands at one node at a time, so that filters read its fields without an object for each. For one thread. */
public final class NodeCursor {
    private final GraphView view;
    private final Facts facts;
    private long node = -1;
    private long object = -1;
    private GraphView.Attributes attributes;

    public NodeCursor(GraphView view) {
        this(view, new Facts(view));
    }

    NodeCursor(GraphView view, Facts facts) {
        this.view = view;
        this.facts = facts;
    }

    /** Another cursor over the same view, which shares what is costly to make. */
    public NodeCursor sibling() {
        return new NodeCursor(view, facts);
    }

    /** Moves to a node; returns itself. */
    public NodeCursor at(long node) {
        if (this.node != node) {
            this.node = node;
            long of = view.object(node);
            if (of != object) {
                object = of;
                attributes = null;
            }
        }
        return this;
    }

    public GraphView view() {
        return view;
    }

    public long node() {
        return node;
    }

    public long object() {
        return object;
    }

    public NodeKind kind() {
        return view.kind(object);
    }

    GraphView.Attributes attributes() {
        if (attributes == null) {
            attributes = view.attributes(object);
        }
        return attributes;
    }

    /** The text of an attribute of bytes, null if it is not known. */
    String text(Attribute attribute) {
        byte[] bytes = attributes().bytes(attribute);
        return bytes == null ? null : Escapes.toText(bytes);
    }

    Facts facts() {
        return facts;
    }

    /** What all cursors over one view share: made when it is first asked for. */
    static final class Facts {
        private final GraphView view;
        private Hosts hosts;
        private Labels labels;
        private Users users;

        Facts(GraphView view) {
            this.view = view;
        }

        Hosts hosts() {
            hosts = hosts == null ? new Hosts(view) : hosts;
            return hosts;
        }

        Labels labels() {
            labels = labels == null ? new Labels(view) : labels;
            return labels;
        }

        Users users() {
            users = users == null ? Users.ofThisMachine() : users;
            return users;
        }
    }
}
