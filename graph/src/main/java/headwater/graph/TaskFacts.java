// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.record.RecordLayout;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Who a task is and where it runs, as a record of type TASK or CHANGE has it. The ids are the kernel's own, in the initial
 * user namespace.
 *
 * @param capabilities the effective ones
 * @param namespaces inode numbers: uts, ipc, mnt, pid, net, cgroup
 * @param cgroup id of the cgroup in the unified hierarchy, 0 if there is none
 */
record TaskFacts(long uid, long gid, long euid, long egid, long fsuid, long fsgid, long capabilities,
        List<Long> namespaces, long cgroup) {
    private static final Attribute[] NAMESPACES = {Attribute.UTSNS, Attribute.IPCNS, Attribute.MNTNS, Attribute.PIDNS,
        Attribute.NETNS, Attribute.CGROUPNS};

    static TaskFacts of(MemorySegment record, long at) {
        Long[] namespaces = new Long[NAMESPACES.length];
        for (int i = 0; i < namespaces.length; i++) {
            namespaces[i] = number(record, at, RecordLayout.TASK_NAMESPACES + 4 * i);
        }
        return new TaskFacts(number(record, at, RecordLayout.TASK_UID), number(record, at, RecordLayout.TASK_GID),
                number(record, at, RecordLayout.TASK_EUID), number(record, at, RecordLayout.TASK_EGID),
                number(record, at, RecordLayout.TASK_FSUID), number(record, at, RecordLayout.TASK_FSGID),
                RecordLayout.longAt(record, at, RecordLayout.TASK_CAPABILITIES), List.of(namespaces),
                RecordLayout.longAt(record, at, RecordLayout.TASK_CGROUP));
    }

    private static long number(MemorySegment record, long at, int field) {
        return RecordLayout.intAt(record, at, field) & 0xffffffffL;
    }

    /** Takes one attribute. */
    @FunctionalInterface
    interface Writer {
        void write(Attribute attribute, long value);
    }

    /**
     * Tells who the task is: what differs from {@code before}.
     *
     * @param before null if nothing was told yet
     */
    void credentials(TaskFacts before, Writer to) {
        boolean first = before == null;
        tell(first || before.uid != uid, Attribute.UID, uid, to);
        tell(first || before.gid != gid, Attribute.GID, gid, to);
        tell(first || before.euid != euid, Attribute.EUID, euid, to);
        tell(first || before.egid != egid, Attribute.EGID, egid, to);
        tell(fsuid != euid || !first && before.fsuid != before.euid, Attribute.FSUID, fsuid, to);
        tell(fsgid != egid || !first && before.fsgid != before.egid, Attribute.FSGID, fsgid, to);
        tell(first || before.capabilities != capabilities, Attribute.CAPABILITIES, capabilities, to);
    }

    /** Tells which namespaces the task is in, likewise. One that is ending is in none. */
    void namespaces(TaskFacts before, Writer to) {
        for (int i = 0; i < NAMESPACES.length; i++) {
            long namespace = namespaces.get(i);
            tell(namespace != 0 && (before == null || before.namespaces.get(i) != namespace), NAMESPACES[i], namespace, to);
        }
    }

    private static void tell(boolean wanted, Attribute attribute, long value, Writer to) {
        if (wanted) {
            to.write(attribute, value);
        }
    }
}
