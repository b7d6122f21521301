// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import headwater.bench.gate.GateFile;
import headwater.capture.FrontEnd;
import java.io.IOException;
import java.nio.file.Path;

/**
 * {@code dev/bench anatomy}: what one event costs from the hook to the index, for docs/anatomy.md. Arguments: {@code FRONT_END UB_PROGRAM
 * FOLDER ROUNDS GATE_FILE}; without the file there are no instructions in the table.
 */
public final class AnatomyBench {
    private static final int WARM_ROUNDS = 8;

    private AnatomyBench() {
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 5) {
            System.err.println("usage: AnatomyBench FRONT_END UB_PROGRAM FOLDER ROUNDS GATE_FILE");
            System.exit(2);
        }
        int rounds = Integer.parseInt(arguments[3]);
        Path file = Path.of(arguments[4]);
        GateFile gate = GateFile.readOrEmpty(file);
        KernelAnatomy kernel = new KernelAnatomy(FrontEnd.ofText(arguments[0]), arguments[1], arguments[2], gate);
        for (int round = 0; round < rounds; round++) {
            kernel.round();
        }
        kernel.print(FlowCore.measure(WARM_ROUNDS, 4 * rounds));
        if (gate.kernels().isEmpty()) {
            System.out.println("\nInstructions are not known: no " + file.getFileName() + ", which `dev/bench gate --write` makes.");
        }
        System.out.println();
        try (ReaderAnatomy reader = new ReaderAnatomy()) {
            reader.measure(rounds);
            reader.print();
        }
    }
}
