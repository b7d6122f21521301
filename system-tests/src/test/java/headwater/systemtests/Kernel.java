// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.List;
import java.util.stream.Stream;

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
     * The kernels that {@code HEADWATER_GUESTS} names ({@code "6.1 6.18"}, {@code all}).
     *
     * @param otherwise those wanted if it names none
     * @throws IllegalArgumentException if there is none of a name
     */
    static List<Kernel> wanted(Kernel... otherwise) {
        String named = System.getenv("HEADWATER_GUESTS");
        if (named == null || named.isBlank()) {
            return List.of(otherwise);
        }
        return named.equals("all") ? List.of(values()) : Stream.of(named.strip().split("[ ,]+")).map(Kernel::ofSeries).toList();
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
