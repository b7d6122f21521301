// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Session;

/**
 * One node as CamFlow names it, in the same words as its formats.
 *
 * @param identifier 44 characters of base64
 * @param id of the object
 * @param boot of the session in which the object appeared, as {@code machine}
 * @param version from 0
 */
public record CamflowNode(String identifier, NodeKind kind, long id, int boot, int machine, int version) {
    public static CamflowNode of(GraphView view, long node) {
        CamflowGraph graph = CamflowGraph.of(view);
        long object = graph.object(node);
        Session birth = graph.birth(object);
        return new CamflowNode(new CamflowNames(graph).node(node), graph.kind(object), CamflowNames.id(object), birth.bootNumber(),
                birth.machineId(), graph.version(node));
    }
}
