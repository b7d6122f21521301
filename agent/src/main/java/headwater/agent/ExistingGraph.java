// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.model.Attribute;
import headwater.model.Dropped;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.util.Arrays;
import java.util.List;

/**
 * What earlier sessions left in the store, as a session looks things up in it; retention may take things out while the session runs, and
 * what was let go is not found any more. It owns the view. For the thread that records.
 */
final class ExistingGraph implements GraphView {
    private final GraphView view;
    private long letGo;

    ExistingGraph(GraphView view) {
        this.view = view;
    }

    /** From now on, of objects with a lower number only files, directories, links and devices are found that were not deleted. */
    void letGo(long beforeObject) {
        letGo = Math.max(letGo, beforeObject);
    }

    private long[] kept(long[] found) {
        return letGo == 0 ? found : Arrays.stream(found).filter(object -> object >= letGo || lasts(object)).toArray();
    }

    private boolean lasts(long object) {
        return switch (view.kind(object)) {
            case FILE, DIRECTORY, LINK, CHAR, BLOCK -> view.attributes(object).number(Attribute.DELETED, 0) == 0;
            default -> false;
        };
    }

    @Override
    public long[] find(Attribute attribute, byte[] value) {
        return kept(view.find(attribute, value));
    }

    @Override
    public long[] find(Attribute attribute, long value) {
        return kept(view.find(attribute, value));
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
    public void close() {
        view.close();
    }
}
