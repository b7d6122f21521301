// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What wrk, redis-benchmark and pgbench print, as the versions of Debian 12 do. */
class RatesTest {
    private static final String WRK = """
            Running 3s test @ http://127.0.0.1:20000/page
              1 threads and 8 connections
              Thread Stats   Avg      Stdev     Max   +/- Stdev
                Latency   201.43us  189.02us   6.98ms   96.20%
                Req/Sec    43.21k     3.05k   48.02k    70.97%
              133324 requests in 3.10s, 160.71MB read
            Requests/sec:  43003.48
            Transfer/sec:     51.84MB
            """;

    private static final String PGBENCH = """
            pgbench (15.18 (Debian 15.18-0+deb12u1))
            transaction type: <builtin: TPC-B (sort of)>
            number of transactions actually processed: 4000/4000
            number of failed transactions: 0 (0.000%)
            latency average = 1.545 ms
            initial connection time = 13.842 ms
            tps = 2589.799685 (without initial connection time)
            """;

    @Test
    void wrkSaysRequestsPerSecond() {
        assertEquals(43003.48, Rates.wrk(WRK));
    }

    @Test
    void responsesThatAreErrorsAreNoRate() {
        String output = WRK.replace("Requests/sec:", "  Non-2xx or 3xx responses: 133324\nRequests/sec:");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> Rates.wrk(output));
        assertTrue(refused.getMessage().contains("133324"), refused.getMessage());
    }

    @Test
    void connectionsThatBreakAreNoRate() {
        String output = WRK.replace("Requests/sec:", "  Socket errors: connect 8, read 0, write 0, timeout 0\nRequests/sec:");
        assertThrows(IllegalArgumentException.class, () -> Rates.wrk(output));
    }

    @Test
    void pgbenchSaysTransactionsPerSecond() {
        assertEquals(2589.799685, Rates.pgbench(PGBENCH));
    }

    @Test
    void failedTransactionsAreNoRate() {
        String output = PGBENCH.replace("failed transactions: 0 (0.000%)", "failed transactions: 7 (0.175%)");
        assertThrows(IllegalArgumentException.class, () -> Rates.pgbench(output));
    }

    @Test
    void redisCommandsOfAllKindsTakeTheirTimesTogether() {
        String output = """
                "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms","p99_latency_ms","max_latency_ms"
                "SET","20000.00","0.818","0.240","0.815","1.199","1.343","2.503"
                "GET","60000.00","0.755","0.056","0.703","1.159","2.479","6.119"
                """;
        // 60,000 of each take 3 s and 1 s.
        assertEquals(30_000, Rates.redis(output), 1e-6);
    }

    @Test
    void outputWithoutARateIsTold() {
        assertThrows(IllegalArgumentException.class, () -> Rates.wrk("unable to connect to 127.0.0.1:20000"));
        assertThrows(IllegalArgumentException.class, () -> Rates.pgbench("pgbench: error: connection failed"));
        assertThrows(IllegalArgumentException.class, () -> Rates.redis("Could not connect to Redis"));
    }
}
