// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.LinkedHashMap;
import java.util.Map;

/** What may stand behind a number: sizes in bytes, durations in nanoseconds. */
final class Units {
    static final Map<String, Long> SIZES = new LinkedHashMap<>();
    static final Map<String, Long> DURATIONS = new LinkedHashMap<>();

    static {
        SIZES.put("B", 1L);
        long decimal = 1;
        long binary = 1;
        for (String prefix : new String[] {"K", "M", "G", "T"}) {
            decimal *= 1000;
            binary *= 1024;
            SIZES.put(prefix + "B", decimal);
            SIZES.put(prefix + "iB", binary);
        }
        DURATIONS.put("ns", 1L);
        DURATIONS.put("us", 1000L);
        DURATIONS.put("ms", 1_000_000L);
        DURATIONS.put("s", 1_000_000_000L);
        DURATIONS.put("m", 60_000_000_000L);
        DURATIONS.put("h", 3_600_000_000_000L);
        DURATIONS.put("d", 86_400_000_000_000L);
    }

    private Units() {
    }
}
