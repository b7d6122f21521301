// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.graph.Disclosure;
import headwater.graph.DisclosureRefusedException;
import java.util.ArrayList;
import java.util.List;

/** A request with its files found. */
record Found(FileEnds files) {
    Disclosure disclosure(Request.Disclose told) throws DisclosureRefusedException {
        List<Disclosure.Node> nodes = new ArrayList<>();
        for (Request.Node node : told.nodes()) {
            nodes.add(new Disclosure.Node(node.name(), node.kind(), node.label(), node.attributes()));
        }
        List<Disclosure.Relation> relations = new ArrayList<>();
        for (Request.Relation relation : told.relations()) {
            relations.add(new Disclosure.Relation(relation.relationClass(), end(relation.cause(), false), end(relation.effect(), true),
                    relation.only(), relation.attributes()));
        }
        List<Disclosure.Line> lines = new ArrayList<>();
        for (Request.Line line : told.lines()) {
            lines.add(new Disclosure.Line(line.text(), line.file() == null ? null : files.find(line.file(), false)));
        }
        return new Disclosure(nodes, relations, lines);
    }

    private Disclosure.End end(Request.End end, boolean isEffect) throws DisclosureRefusedException {
        return switch (end) {
            case Request.Name name when name.name().equals(Request.Name.SELF) -> new Disclosure.Self();
            case Request.Name name -> new Disclosure.Named(name.name());
            case Request.FilePath file -> files.find(file, isEffect);
            case Request.Descriptor descriptor -> files.find(descriptor, isEffect);
        };
    }
}
