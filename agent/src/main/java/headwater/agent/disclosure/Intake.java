// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.graph.DisclosureRefusedException;
import headwater.graph.Disclosures;
import java.util.List;

/** Takes what programs tell into the record. Safe for use by several threads. */
public interface Intake {
    /** Something to be done between two records. */
    @FunctionalInterface
    interface Telling<T> {
        /** @param timeNs nanoseconds since the Unix epoch */
        T tell(Disclosures disclosures, long timeNs) throws DisclosureRefusedException;
    }

    /**
     * Does it after everything that happened before this call, and waits until it is done.
     *
     * @throws DisclosureRefusedException if it refuses, or the recording is over
     */
    <T> T take(Telling<T> telling) throws DisclosureRefusedException;

    /**
     * As {@link #take}, if the process that tells is recorded then, and none of the files is opaque. What is not recorded may not tell,
     * and nothing is told of what is hidden.
     *
     * @param tgid the process, in the initial pid namespace
     * @param files descriptors of this process, open until this returns
     * @throws DisclosureRefusedException as the other; {@code not-recorded} if the process or a file is not
     */
    <T> T tell(int tgid, List<Integer> files, Telling<T> telling) throws DisclosureRefusedException;

    /** Nanoseconds since boot, on the clock of the records. */
    long nowNs();
}
