// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What programs that put load on servers say of it, in operations per second. */
final class Rates {
    private static final Pattern WRK = Pattern.compile("(?m)^Requests/sec:\\s+([0-9.]+)$");
    private static final Pattern WRK_TROUBLE = Pattern.compile("(?m)^\\s*(Socket errors:.*|Non-2xx or 3xx responses:.*)$");
    private static final Pattern PGBENCH = Pattern.compile("(?m)^tps = ([0-9.]+) \\(without initial connection time\\)$");
    private static final Pattern PGBENCH_FAILED = Pattern.compile("(?m)^number of failed transactions: (?!0 )(.*)$");
    private static final Pattern REDIS = Pattern.compile("(?m)^\"([A-Z]+)\",\"([0-9.]+)\",.*$");

    private Rates() {
    }

    /** Requests; a response that was an error is none. */
    static double wrk(String output) {
        Matcher trouble = WRK_TROUBLE.matcher(output);
        if (trouble.find()) {
            throw new IllegalArgumentException("requests failed: wrk said=" + trouble.group(1));
        }
        return one(WRK, "wrk", output);
    }

    /** Transactions. */
    static double pgbench(String output) {
        Matcher failed = PGBENCH_FAILED.matcher(output);
        if (failed.find()) {
            throw new IllegalArgumentException("transactions failed: number=" + failed.group(1));
        }
        return one(PGBENCH, "pgbench", output);
    }

    /** Commands, over all kinds: as many of each, so it is the harmonic mean of the kinds' rates. */
    static double redis(String output) {
        Matcher matcher = REDIS.matcher(output);
        double seconds = 0;
        int kinds = 0;
        while (matcher.find()) {
            seconds += 1 / Double.parseDouble(matcher.group(2));
            kinds++;
        }
        if (kinds == 0) {
            throw new IllegalArgumentException("no rate in it: program=redis-benchmark, said=" + output.strip());
        }
        return kinds / seconds;
    }

    private static double one(Pattern pattern, String program, String output) {
        Matcher matcher = pattern.matcher(output);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no rate in it: program=" + program + ", said=" + output.strip());
        }
        return Double.parseDouble(matcher.group(1));
    }
}
