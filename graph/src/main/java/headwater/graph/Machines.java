// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.nio.charset.StandardCharsets;

/**
 * The machine of the session, and what ran on it: the tasks that come from nowhere else in the graph. All others were
 * cloned from one of these.
 */
final class Machines {
    private final Versions versions;
    private int machine = -1;

    Machines(Versions versions) {
        this.versions = versions;
    }

    /** The handle of the session's machine, -1 if nobody told of it. */
    int handle() {
        return machine;
    }

    void introduce(MachineFacts facts, long timeNs) {
        machine = versions.create(NodeKind.MACHINE, timeNs);
        tell(Attribute.SYSNAME, facts.sysname(), timeNs);
        tell(Attribute.NODENAME, facts.nodename(), timeNs);
        tell(Attribute.RELEASE, facts.release(), timeNs);
        tell(Attribute.KERNEL_VERSION, facts.version(), timeNs);
        tell(Attribute.HARDWARE, facts.hardware(), timeNs);
        tell(Attribute.DOMAINNAME, facts.domainname(), timeNs);
        tell(Attribute.BOOT_ID, facts.bootId(), timeNs);
        tell(Attribute.RECORDER, facts.recorder(), timeNs);
    }

    private void tell(Attribute attribute, String value, long timeNs) {
        if (!value.isEmpty()) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            versions.attribute(machine, attribute, java.lang.foreign.MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
        }
    }

    /** The task was there before, or its parent is not recorded. */
    void runs(int task, long timeNs) {
        if (machine >= 0) {
            versions.flow(Relation.RAN_ON, machine, task, timeNs, -1, 0, -1);
        }
    }
}
