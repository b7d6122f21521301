// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

/** The stock kernels in which the scenarios are run, as {@code dev/guest --kernel} names them. */
enum Kernel {
    V6_1("6.1"),
    V6_12("6.12"),
    V6_18("6.18");

    private final String series;

    Kernel(String series) {
        this.series = series;
    }

    String series() {
        return series;
    }

    /**
     * The kernel of this series.
     *
     * @throws IllegalArgumentException if there is none, naming it
     */
    static Kernel ofSeries(String series) {
        for (Kernel kernel : values()) {
            if (kernel.series.equals(series)) {
                return kernel;
            }
        }
        throw new IllegalArgumentException("unknown kernel: series=" + series + "; use 6.1, 6.12 or 6.18");
    }
}
