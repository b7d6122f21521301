// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Relation;

/**
 * CamFlow's drawing of a process: the memory that its threads share is an entity, each thread a task. What a task takes
 * in goes on into the memory; what it gives out it takes from the memory first. So a task never holds what its memory
 * does not.
 */
final class Expansion {
    private final Versions versions;

    Expansion(Versions versions) {
        this.versions = versions;
    }

    /** Information flows from {@code entity} into a process, by {@code task}. */
    void used(Relation relation, int entity, int task, int memory, long timeNs, long flags, long offset) {
        /* An edge that is left out was followed by the second one when it was drawn. */
        if (versions.flow(relation, entity, task, timeNs, task, flags, offset)) {
            versions.flow(Relation.MEMORY_WRITE, task, memory, timeNs, task, 0, -1);
        }
    }

    /** Information flows out of a process into {@code entity}, by {@code task}. */
    void generated(Relation relation, int memory, int task, int entity, long timeNs, long flags, long offset) {
        versions.flow(Relation.MEMORY_READ, memory, task, timeNs, task, 0, -1);
        versions.flow(relation, task, entity, timeNs, task, flags, offset);
    }
}
