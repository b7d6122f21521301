// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import org.junit.jupiter.api.Test;

/** The benchmarks' own BPF object goes with the flow core that it measures. */
class ProducerTest {
    @Test
    void loadsAndIntroducesItsObjects() {
        assertDoesNotThrow(() -> {
            try (Producer producer = new Producer(1, 1, 1 << 16)) {
                return producer;
            }
        });
    }
}
