// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

/**
 * One run of a workload.
 *
 * @param elapsed seconds by the clock
 * @param cpu seconds of CPU of the program and all that it has started and awaited, user and system
 * @param rate operations per second of a server; NaN if it is the time that counts
 */
record Run(double elapsed, double cpu, double rate) {
    /**
     * Of what {@code dev/bench.d/workload} says at the end of a run.
     *
     * @throws IllegalArgumentException if that is no time
     */
    static Run of(Workload workload, String times, String output) {
        String[] lines = times.strip().split("\n");
        String[] words = lines[lines.length - 1].split(" ");
        if (words.length != 3) {
            throw new IllegalArgumentException("not a time: workload=" + workload.scriptName() + ", said=" + times.strip()
                    + ", want=elapsed, user and system seconds");
        }
        return new Run(Double.parseDouble(words[0]), Double.parseDouble(words[1]) + Double.parseDouble(words[2]),
                workload.hasRate() ? workload.rate(output) : Double.NaN);
    }

    /** How much more this took than {@code base}, percent; of a rate, by how much it is lower. */
    double costOver(Run base) {
        return Double.isNaN(rate) ? (elapsed / base.elapsed - 1) * 100 : (1 - rate / base.rate) * 100;
    }

    /** How much more CPU this took than {@code base}, percent. */
    double cpuCostOver(Run base) {
        return (cpu / base.cpu - 1) * 100;
    }
}
