// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.NodeKind;
import headwater.record.KernelId;

/**
 * Which processes use a memory that is not their own (vfork), and until when a memory is spoken of. A process stops
 * using its memory when its last thread ends or when it executes; a memory that others borrowed is kept.
 *
 * <p>The upper half of a memory's facts holds how many processes have borrowed it.
 */
final class MemoryLifetimes {
    private static final long BORROWED_ONE = 1L << 32;
    private static final int BORROWED_SHIFT = 32;

    private final Versions versions;
    private final Participants participants;
    /** Processes that use another's memory, by the kernel's id. */
    private final KernelIds borrowing = new KernelIds();

    MemoryLifetimes(Versions versions, Participants participants) {
        this.versions = versions;
        this.participants = participants;
    }

    /** {@code process} uses {@code memory}, which is another's. */
    void borrow(long process, int memory) {
        borrowing.put(process, memory);
        versions.facts(memory, versions.facts(memory) + BORROWED_ONE);
    }

    /** The handle of the memory that is the process's own; -1 if it has none, or has ended. */
    int own(long process) {
        int memory = participants.known(process);
        if (memory >= 0 && versions.kind(memory) != NodeKind.PROCESS_MEMORY) {
            throw new MalformedRecordException("a process ends that is none: id=" + KernelId.text(process) + ", kind="
                    + versions.kind(memory).text());
        }
        return borrowing.get(process) >= 0 || participants.hasDeparted(process) ? -1 : memory;
    }

    /** True if others use the process's memory too: those that borrowed it, or the one that it was borrowed from. */
    boolean isShared(long process) {
        int memory = own(process);
        return memory < 0 || versions.facts(memory) >>> BORROWED_SHIFT != 0;
    }

    /** The process uses its memory no more. Does nothing if it is not known. */
    void end(long process) {
        int memory = own(process);
        int lender = borrowing.get(process);
        if (lender >= 0) {
            versions.facts(lender, versions.facts(lender) - BORROWED_ONE);
        }
        borrowing.remove(process);
        boolean unused = memory >= 0 && versions.facts(memory) >>> BORROWED_SHIFT == 0;
        participants.depart(process, unused ? memory : -1);
    }
}
