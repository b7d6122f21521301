// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import headwater.bench.CallCosts;
import headwater.bench.Level;
import headwater.bench.Operation;
import headwater.capture.FrontEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures the figures of the kernel that it runs on, whose clock should count instructions. Arguments: {@code UB_PROGRAM RESULTS
 * FRONT_END...}; RESULTS is written only if all has been measured and nothing was lost.
 */
public final class CostsHere {
    /** The clock is exact, so a few runs do. */
    private static final long PART = 25;

    private static final List<Operation> OPERATIONS = Operation.named("read_zero_1", "write_null_1", "pread_file_1", "stat", "open_close",
            "fork_exit_wait", "create_0k", "delete_0k", "pipe_write_read_1", "new_pread_1", "new_pwrite_1", "new_open_close");

    private CostsHere() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 3) {
            System.err.println("usage: CostsHere UB_PROGRAM RESULTS FRONT_END...");
            System.exit(2);
        }
        SortedMap<Item, Long> figures = new TreeMap<>();
        for (String name : Arrays.asList(arguments).subList(2, arguments.length)) {
            FrontEnd frontEnd = FrontEnd.ofText(name);
            CallCosts costs = new CallCosts(frontEnd, new CallCosts.Plan(arguments[0], "/dev/shm", PART, OPERATIONS,
                    EnumSet.of(Level.OFF, Level.ATTACHED, Level.FOLLOWED, Level.UNTRACKED)));
            costs.round();
            if (costs.lost() > 0) {
                throw new IOException("records were lost, so the figures are too low: front-end=" + frontEnd.text() + ", lost=" + costs.lost());
            }
            Costs.add(figures, frontEnd.text(), costs, OPERATIONS);
            Costs.add(figures, frontEnd.text(), costs.sizes());
        }
        new Costs(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(), figures).write(Path.of(arguments[1]));
    }
}
