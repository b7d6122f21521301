// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowConfig;
import java.util.ArrayList;
import java.util.List;

/** What of a configuration takes effect only when the daemon is started again. */
final class Restart {
    private Restart() {
    }

    /** A line for each key that differs. */
    static List<String> needed(CamflowConfig before, CamflowConfig now) {
        List<String> keys = new ArrayList<>();
        CamflowConfig.Settings was = before.settings();
        CamflowConfig.Settings is = now.settings();
        add(keys, "provenance", "machine_id", before.provenance().machineId() == now.provenance().machineId());
        add(keys, "headwater", "front_end", was.frontEnd().equals(is.frontEnd()));
        add(keys, "headwater", "on_loss", was.onLoss().equals(is.onLoss()));
        add(keys, "headwater", "ring_size", before.ringMib() == now.ringMib());
        add(keys, "headwater", "store", was.store().equals(is.store()));
        add(keys, "headwater", "environment", was.environment().equals(is.environment()));
        add(keys, "headwater", "packets", was.packets().equals(is.packets()));
        add(keys, "headwater", "group", was.group().equals(is.group()));
        return keys;
    }

    private static void add(List<String> keys, String section, String key, boolean same) {
        if (!same) {
            keys.add("takes effect at the next start: section=" + section + ", key=" + key + "; headwater stop, then headwater start");
        }
    }
}
