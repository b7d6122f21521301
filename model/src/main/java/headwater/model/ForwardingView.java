// SPDX-License-Identifier: Apache-2.0
package headwater.model;

import java.util.List;

/** A view that asks another one; what extends it answers some questions otherwise. It owns the other view, and closes it. */
public abstract class ForwardingView implements GraphView {
    private final GraphView view;

    protected ForwardingView(GraphView view) {
        this.view = view;
    }

    @Override
    public long objects() {
        return view.objects();
    }

    @Override
    public long nodes() {
        return view.nodes();
    }

    @Override
    public long edges() {
        return view.edges();
    }

    @Override
    public NodeKind kind(long object) {
        return view.kind(object);
    }

    @Override
    public long object(long node) {
        return view.object(node);
    }

    @Override
    public int version(long node) {
        return view.version(node);
    }

    @Override
    public long timeNs(long node) {
        return view.timeNs(node);
    }

    @Override
    public long[] versions(long object) {
        return view.versions(object);
    }

    @Override
    public void causes(long node, EdgeVisitor visitor) {
        view.causes(node, visitor);
    }

    @Override
    public void effects(long node, EdgeVisitor visitor) {
        view.effects(node, visitor);
    }

    @Override
    public Edge edge(long edge) {
        return view.edge(edge);
    }

    @Override
    public Attributes attributes(long object) {
        return view.attributes(object);
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        return view.find(attribute, value);
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        return view.find(attribute, value);
    }

    @Override
    public List<Session> sessions() {
        return view.sessions();
    }

    @Override
    public List<Gap> gaps() {
        return view.gaps();
    }

    @Override
    public Dropped dropped() {
        return view.dropped();
    }

    @Override
    public long nextNode(long from) {
        return view.nextNode(from);
    }

    @Override
    public long nextObject(long from) {
        return view.nextObject(from);
    }

    @Override
    public boolean lacksCauses(long node) {
        return view.lacksCauses(node);
    }

    @Override
    public boolean lacksEffects(long node) {
        return view.lacksEffects(node);
    }

    @Override
    public boolean lacksVersions(long object) {
        return view.lacksVersions(object);
    }

    @Override
    public void close() {
        view.close();
    }
}
