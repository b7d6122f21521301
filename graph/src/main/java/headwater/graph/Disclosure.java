// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.NodeKind;
import headwater.model.RelationClass;
import java.util.List;

/**
 * What a program tells at once: it is drawn whole or not at all.
 *
 * @param nodes what it tells of that was not told of before
 * @param relations in the order in which they are drawn
 * @param lines of log
 */
public record Disclosure(List<Node> nodes, List<Relation> relations, List<Line> lines) {
    public Disclosure {
        nodes = List.copyOf(nodes);
        relations = List.copyOf(relations);
        lines = List.copyOf(lines);
    }

    /**
     * A new node.
     *
     * @param name what the program will call it as long as it stays connected
     * @param kind one of those that are disclosed
     * @param label what people call it; may be empty
     * @param attributes a JSON object, or empty
     */
    public record Node(String name, NodeKind kind, String label, String attributes) {
    }

    /**
     * One thing came from another.
     *
     * @param exhaustive of a derivation: what the program and those that it started have put into the effect comes from the causes
     *     that it names so, and from nothing else
     * @param attributes a JSON object, or empty
     */
    public record Relation(RelationClass relationClass, End cause, End effect, boolean exhaustive, String attributes) {
    }

    /**
     * A text about what the process was doing.
     *
     * @param file what it was doing it with, null for nothing
     */
    public record Line(String text, FileEnd file) {
    }

    /** What a relation begins or ends at. */
    public sealed interface End permits Self, Named, FileEnd {
    }

    /** The process that tells. */
    public record Self() implements End {
    }

    /** A node that it told of. */
    public record Named(String name) implements End {
    }

    /**
     * An inode, which the caller holds open until the disclosure is drawn.
     *
     * @param path by which it is known, in the bytes of its name, one to a char; empty for none
     */
    public record FileEnd(PathProbe.Found found, String path) implements End {
    }
}
