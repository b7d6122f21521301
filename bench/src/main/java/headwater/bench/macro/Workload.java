// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** A whole program that is measured. What it does stands in {@code dev/bench.d/workload}, under the name in lower case. */
enum Workload {
    UNPACK("kernel sources, unpacked", 3, null),
    BUILD("kernel, built", 2, null),
    POSTMARK("postmark", 6, null),
    BLAST("BLAST", 1, null),
    NGINX("nginx, wrk", Double.NaN, Rates::wrk),
    REDIS("Redis, redis-benchmark", Double.NaN, Rates::redis),
    POSTGRES("PostgreSQL, pgbench", Double.NaN, Rates::pgbench);

    private final String text;
    private final double target;
    private final ToDoubleFunction<String> rate;

    Workload(String text, double target, ToDoubleFunction<String> rate) {
        this.text = text;
        this.target = target;
        this.rate = rate;
    }

    /** @throws IllegalArgumentException if there is none of that name */
    static Workload ofName(String name) {
        return Arrays.stream(values()).filter(workload -> workload.scriptName().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("unknown workload: name=" + name + "; use one of "
                        + String.join(", ", Arrays.stream(values()).map(Workload::scriptName).toList())));
    }

    /** What the script calls it. */
    String scriptName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    String text() {
        return text;
    }

    /** How much longer it may take while the whole system is recorded, percent; empty if nothing was aimed at. */
    OptionalDouble target() {
        return Double.isNaN(target) ? OptionalDouble.empty() : OptionalDouble.of(target);
    }

    /** True if it is a server that is measured by what it does in a second, false if it is the time that counts. */
    boolean hasRate() {
        return rate != null;
    }

    /**
     * What a server did in a second.
     *
     * @param output what the program that asked it has printed
     * @throws IllegalArgumentException if that does not say it, or says that something went wrong
     */
    double rate(String output) {
        return rate.applyAsDouble(output);
    }
}
