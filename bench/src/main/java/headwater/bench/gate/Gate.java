// SPDX-License-Identifier: Apache-2.0
package headwater.bench.gate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * {@code dev/bench gate}. Arguments: {@code check|write CHECKOUT FOLDER KERNEL...}; FOLDER takes what the guests leave. Status 3: something
 * costs more or less than the file says.
 */
public final class Gate {
    /** A guest has one processor. */
    private static final int AT_ONCE = 2;

    private Gate() {
    }

    /** Where the file is. */
    public static Path file(Path checkout) {
        return checkout.resolve("dev/gate.tsv");
    }

    public static void main(String[] arguments) throws IOException, InterruptedException, ExecutionException {
        if (arguments.length < 4 || !List.of("check", "write").contains(arguments[0])) {
            System.err.println("usage: Gate check|write CHECKOUT FOLDER KERNEL...");
            System.exit(2);
        }
        Path checkout = Path.of(arguments[1]);
        Map<String, Costs> measured = measure(checkout, Path.of(arguments[2]), Arrays.asList(arguments).subList(3, arguments.length));
        GateFile file = GateFile.readOrEmpty(file(checkout));
        List<String> findings = CostGate.judge(file, measured);
        if (arguments[0].equals("write")) {
            file.with(measured).write(file(checkout));
            findings.forEach(System.out::println);
            System.out.println("written: file=" + file(checkout) + ", differences=" + findings.size());
        } else if (findings.isEmpty()) {
            System.out.println("all as dev/gate.tsv says: kernels=" + measured.keySet());
        } else {
            System.out.println(CostGate.message(findings));
            System.exit(3);
        }
    }

    private static Map<String, Costs> measure(Path checkout, Path folder, List<String> kernels)
            throws IOException, InterruptedException, ExecutionException {
        Map<String, Future<Costs>> running = new TreeMap<>();
        try (ExecutorService guests = Executors.newFixedThreadPool(AT_ONCE)) {
            for (String series : kernels) {
                Path own = Files.createDirectories(folder.resolve(series));
                running.put(series, guests.submit(() -> GuestCosts.measure(checkout, series, own)));
            }
        }
        Map<String, Costs> measured = new TreeMap<>();
        for (Map.Entry<String, Future<Costs>> each : running.entrySet()) {
            measured.put(each.getKey(), each.getValue().get());
        }
        return measured;
    }
}
