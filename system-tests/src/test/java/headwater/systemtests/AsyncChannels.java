// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.List;

/** Asynchronous I/O by io_submit(2): one call names many files in the caller's memory. */
final class AsyncChannels {
    private AsyncChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                moved("read", "io_submit(2): IOCB_CMD_PREAD; io_getevents(2)", "file to memory"),
                moved("write", "io_submit(2): IOCB_CMD_PWRITE", "memory to file"),
                moved("vectors", "io_submit(2): IOCB_CMD_PREADV, IOCB_CMD_PWRITEV; io_pgetevents(2)", "in parts"),
                moved("together", "io_submit(2), three at once",
                        "one call reads, writes and syncs; that it is done is seen in memory").notFrom("sink", "other"));
    }

    /** One process moves source to sink with a mode of the tester {@code aio}; the sink is not made after the source was read. */
    private static Scenario moved(String mode, String channel, String description) {
        return Scenario.of("aio-" + mode, channel, description, ": >sink\naio " + mode + " source sink other\n")
                .from("sink", "source");
    }
}
