// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, each reader gives a configuration or errors, and problems that can be shown. */
class ConfigFuzzTest {
    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] bytes) {
        Parsed<CamflowConfig> camflow = CamflowConfig.parse("f", bytes, Machine.ANY);
        check(camflow);
        camflow.config().ifPresent(config -> assertEquals(Optional.of(config),
                CamflowConfig.parse("g", config.toIni("again"), Machine.ANY).config()));
        Parsed<CamflowdConfig> camflowd = CamflowdConfig.parse("f", bytes);
        check(camflowd);
        camflowd.config().ifPresent(config -> assertEquals(Optional.of(config), CamflowdConfig.parse("g", config.toIni("again")).config()));
        ConfigKind.of("f", bytes);
    }

    private static void check(Parsed<?> parsed) {
        assertEquals(parsed.config().isEmpty(), parsed.count(Severity.ERROR) > 0);
        for (Problem problem : parsed.problems()) {
            String text = problem.text();
            assertTrue(text.chars().noneMatch(Character::isISOControl) && !problem.what().isEmpty() && !problem.next().isEmpty(), text);
        }
    }

    @Test
    void shouldSurviveMutatedFiles() throws IOException {
        long seed = System.nanoTime();
        System.out.println("ConfigFuzzTest seed=" + seed);
        Random random = new Random(seed);
        int taken = 0;
        int refused = 0;
        for (String name : new String[] {"camflow.ini", "camflowd.ini"}) {
            byte[] whole;
            try (InputStream in = ConfigFuzzTest.class.getResourceAsStream(name)) {
                whole = in.readAllBytes();
            }
            for (int i = 0; i < 500; i++) {
                byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(40));
                for (int n = 1 + random.nextInt(5); n > 0; n--) {
                    byte put = random.nextBoolean() ? (byte) random.nextInt() : (byte) "\n;#=:[] \tx0".charAt(random.nextInt(11));
                    mutated[random.nextInt(mutated.length)] = put;
                }
                readsOrSaysWhatIsWrong(mutated);
                if (CamflowConfig.parse("f", mutated, Machine.ANY).config().isPresent()) {
                    taken++;
                } else {
                    refused++;
                }
            }
        }
        assertTrue(taken > 0 && refused > 0, "taken=" + taken + ", refused=" + refused + ", seed=" + seed);
    }

    /** The time of this thread's own work, so that a busy machine does not matter. */
    @Test
    void shouldReadALongFileOfNoiseInLinearTime() {
        for (String line : new String[] {"[a]\n", "a=1\n", "noise\n", "[file]\ntrack=/a\n", "[provenance]\nnode_filter=fil\n", " x\n"}) {
            read(line, IniFile.MAX_BYTES);
            long quarterNs = read(line, IniFile.MAX_BYTES / 4);
            long wholeNs = read(line, IniFile.MAX_BYTES);
            assertTrue(wholeNs < 10 * quarterNs + TimeUnit.MILLISECONDS.toNanos(200),
                    () -> "line=" + line + ", quarterNs=" + quarterNs + ", wholeNs=" + wholeNs);
        }
    }

    private static long read(String line, int length) {
        byte[] bytes = line.repeat(length / line.length()).getBytes(StandardCharsets.US_ASCII);
        long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        check(CamflowConfig.parse("f", bytes, Machine.ANY));
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
    }
}
