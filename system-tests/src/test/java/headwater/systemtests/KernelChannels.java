// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;

/** What one process leaves with the kernel and another takes from it, in neither a file nor a socket. */
final class KernelChannels {
    private KernelChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                Scenario.of("key", "add_key(2), keyctl(2)", "a child adds a key, its parent reads it", "memory key source sink\n")
                        .from("sink", "source").unseen(BlindSpot.KEYS));
    }
}
