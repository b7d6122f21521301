// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * What was recorded of a script: all that the graph has from a node and an edge on.
 *
 * @param folder where the script ran; files are named within it
 * @param records how many the kernel side wrote
 * @param firstNode what is older was there before
 */
record Recorded(Path folder, long records, GraphView view, long firstNode, long firstEdge) implements AutoCloseable {
    @Override
    public void close() {
        view.close();
    }

    /**
     * Nothing of what the script did. What scripts before it have opened may be tracked still, so in a capture that they shared only what
     * lies in the folder counts.
     */
    void assertNothing() {
        if (!OneCapture.isWanted()) {
            assertEquals(0, records);
        }
        for (long object = 0; object < view.objects(); object++) {
            byte[] name = view.attributes(object).bytes(Attribute.NAME);
            if (name != null && Path.of(new String(name)).startsWith(folder)) {
                assertFalse(isTouched(object), () -> new String(name));
            }
        }
    }

    /** The objects of this name of which something is recorded. */
    long[] named(String name) {
        return Arrays.stream(view.find(Attribute.NAME, folder.resolve(name).toString().getBytes())).filter(this::isTouched).toArray();
    }

    boolean isRecorded(String name) {
        return named(name).length > 0;
    }

    long number(String name, Attribute attribute) {
        long[] objects = named(name);
        assertEquals(1, objects.length, name);
        return view.attributes(objects[0]).number(attribute, 0);
    }

    private boolean isTouched(long object) {
        for (long version : view.versions(object)) {
            if (version >= firstNode || !causes(version).isEmpty() || !effects(version).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private Set<Relation> causes(long node) {
        return relations(visitor -> view.causes(node, visitor));
    }

    private Set<Relation> effects(long node) {
        return relations(visitor -> view.effects(node, visitor));
    }

    private Set<Relation> relations(Consumer<GraphView.EdgeVisitor> visit) {
        Set<Relation> found = EnumSet.noneOf(Relation.class);
        visit.accept((edge, relation, other, time) -> {
            if (edge >= firstEdge) {
                found.add(relation);
            }
            return true;
        });
        return found;
    }

    Set<Relation> relations() {
        Set<Relation> found = EnumSet.noneOf(Relation.class);
        for (long edge = firstEdge; edge < view.edges(); edge++) {
            found.add(view.edge(edge).relation());
        }
        return found;
    }

    boolean has(Relation wanted) {
        return relations().contains(wanted);
    }

    boolean has(NodeKind kind) {
        return objects().anyMatch(object -> view.kind(object) == kind);
    }

    /** Those that have a version that is not older. */
    LongStream objects() {
        return LongStream.range(firstNode, view.nodes()).map(view::object).distinct();
    }

    boolean isCause(String name) {
        for (long object : named(name)) {
            for (long version : view.versions(object)) {
                Set<Relation> effects = effects(version);
                if (effects.contains(Relation.READ) || effects.contains(Relation.COPY) || effects.contains(Relation.EXEC)) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isEffect(long object, Relation wanted) {
        return Arrays.stream(view.versions(object)).anyMatch(version -> causes(version).contains(wanted));
    }

    /** Every edge, a line each. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (long edge = firstEdge; edge < view.edges(); edge++) {
            GraphView.Edge one = view.edge(edge);
            text.append(name(one.cause())).append(" -").append(one.relation().text()).append("-> ").append(name(one.effect())).append('\n');
        }
        return text.toString();
    }

    private String name(long node) {
        long object = view.object(node);
        byte[] name = view.attributes(object).bytes(Attribute.NAME);
        return object + "v" + view.version(node) + " " + view.kind(object) + (name == null ? "" : " " + new String(name)) + " marks="
                + view.attributes(object).number(Attribute.MARKS, 0);
    }
}
