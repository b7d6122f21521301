// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowdConfig;
import headwater.recorders.RecorderSpec;
import java.util.List;

/**
 * The recorders that a {@code camflowd.ini} asks for. Each has the name of its kind, as the file can ask for each once.
 */
final class RecorderPlan {
    private RecorderPlan() {
    }

    static List<RecorderSpec> of(CamflowdConfig config) {
        return config.recorders().kinds().stream()
                .map(kind -> new RecorderSpec(kind, kind, config.recorders().of(kind))).toList();
    }
}
