// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.model.NodeKind;
import headwater.model.RelationClass;
import java.util.List;

/**
 * One line that a program sends, read but not yet believed.
 *
 * @param id what the answer repeats; empty for none
 */
record Request(String id, Body body) {
    /** What it asks for. */
    sealed interface Body permits Hello, Disclose {
    }

    /** The first line. */
    record Hello(int version, String challenge) implements Body {
    }

    /** All that is told at once. */
    record Disclose(List<Node> nodes, List<Relation> relations, List<Line> lines) implements Body {
        Disclose {
            nodes = List.copyOf(nodes);
            relations = List.copyOf(relations);
            lines = List.copyOf(lines);
        }

        int size() {
            return nodes.size() + relations.size() + lines.size();
        }
    }

    /** @param attributes a JSON object as the record keeps it, or empty */
    record Node(String name, NodeKind kind, String label, String attributes) {
    }

    /** @param attributes as of a node */
    record Relation(RelationClass relationClass, End cause, End effect, boolean only, String attributes) {
    }

    /** @param file null for none */
    record Line(String text, End file) {
    }

    /** What a relation begins or ends at, as the program names it. */
    sealed interface End permits Name, FilePath, Descriptor {
    }

    /** @param name {@link #SELF}, or that of a node */
    record Name(String name) implements End {
        static final String SELF = "self";
    }

    /** @param path absolute */
    record FilePath(String path) implements End {
    }

    /** @param index among the descriptors that came with the line */
    record Descriptor(int index) implements End {
    }
}
