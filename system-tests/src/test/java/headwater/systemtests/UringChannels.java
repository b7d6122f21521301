// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;

/** What io_uring does for a process: no system call names the file, and a kernel thread may do the work. */
final class UringChannels {
    private UringChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                moved("read-write", "IORING_OP_READ, IORING_OP_WRITE", "file to memory, memory to file"),
                moved("worker", "IORING_OP_READ, IORING_OP_WRITE, IOSQE_ASYNC", "the same by a worker thread of the kernel"));
    }

    /** One process moves source to sink with a mode of the tester {@code uring}. */
    private static Scenario moved(String mode, String channel, String description) {
        return Scenario.of("uring-" + mode, channel, description, "uring " + mode + " source sink\n")
                .from("sink", "source").unseen(BlindSpot.IO_URING);
    }
}
