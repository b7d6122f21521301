// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import headwater.bench.CallCosts;
import headwater.bench.Level;
import headwater.bench.Operation;
import headwater.capture.Capture;
import headwater.capture.FrontEnd;
import headwater.capture.OnLoss;
import headwater.capture.kernel.BpfObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Measures the figures of the kernel that it runs on, whose clock should count instructions. Arguments: {@code UB_PROGRAM RESULTS};
 * RESULTS is written only if all has been measured and nothing was lost.
 */
public final class CostsHere {
    private static final int RING_BYTES = 1 << 20;
    /** The clock is exact, so a few runs do. */
    private static final long PART = 25;

    private static final List<FrontEnd> FRONT_ENDS = List.of(FrontEnd.LSM, FrontEnd.TRACE);
    private static final List<Operation> OPERATIONS = Operation.named("read_zero_1", "write_null_1", "pread_file_1", "stat", "open_close",
            "fork_exit_wait", "create_0k", "delete_0k", "pipe_write_read_1", "new_pread_1", "new_pwrite_1", "new_open_close");

    private CostsHere() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: CostsHere UB_PROGRAM RESULTS");
            System.exit(2);
        }
        SortedMap<Item, Long> figures = new TreeMap<>();
        for (FrontEnd frontEnd : FRONT_ENDS) {
            CallCosts costs = new CallCosts(frontEnd, new CallCosts.Plan(arguments[0], "/dev/shm", PART, OPERATIONS,
                    EnumSet.of(Level.OFF, Level.ATTACHED, Level.FOLLOWED, Level.UNTRACKED)));
            costs.round();
            if (costs.lost() > 0) {
                throw new IOException("records were lost, so the figures are too low: front-end=" + frontEnd.text() + ", lost=" + costs.lost());
            }
            Costs.add(figures, frontEnd.text(), costs, OPERATIONS);
            Costs.add(figures, frontEnd.text(), Capture.sizes(all(frontEnd)));
        }
        // The others of its programs are those of lsm.
        SortedMap<String, BpfObject.Size> others = Capture.sizes(all(FrontEnd.FEXIT));
        others.keySet().removeIf(name -> !name.startsWith("fexit_"));
        Costs.add(figures, FrontEnd.FEXIT.text(), others);
        new Costs(Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip(), figures).write(Path.of(arguments[1]));
    }

    /** With every program that the front-end can load: those that refuse, those of packets, those of lines. */
    private static Capture.Scope all(FrontEnd frontEnd) {
        OnLoss onLoss = OnLoss.BLOCK.refusal(frontEnd).isEmpty() ? OnLoss.BLOCK : OnLoss.RECORD;
        Capture.Scope plain = new Capture.Scope(frontEnd, true, (int) ProcessHandle.current().pid(), RING_BYTES);
        return new Capture.Scope(frontEnd, true, plain.self(), RING_BYTES, onLoss, true, null, plain.policy(), plain.marked(), plain.bearers(),
                true);
    }
}
