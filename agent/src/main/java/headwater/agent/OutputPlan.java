// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowdConfig;
import headwater.config.RawText;
import headwater.outputs.OutputFormat;
import headwater.outputs.OutputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a {@code camflowd.ini} asks for, as outputs. Each has the name of its kind, as the file can ask for each once. */
final class OutputPlan {
    private OutputPlan() {
    }

    /**
     * @param duplicate whether both ends are written again with each edge
     * @throws IllegalArgumentException if a path is no UTF-8
     */
    static List<OutputSpec> of(CamflowdConfig config, boolean duplicate) {
        OutputFormat format = OutputFormat.ofText(config.format().text());
        List<OutputSpec> specs = new ArrayList<>();
        for (CamflowdConfig.Output output : config.outputs()) {
            if (output != CamflowdConfig.Output.NULL) {
                Map<String, String> settings = settings(output, config);
                // As CamFlow: what comes from now on. What was before is for `headwater export`.
                settings.put(OutputSpec.FROM, "now");
                settings.put(OutputSpec.DUPLICATE, Boolean.toString(duplicate));
                specs.add(new OutputSpec(output.text(), output.text(), format, settings));
            }
        }
        return specs;
    }

    private static Map<String, String> settings(CamflowdConfig.Output output, CamflowdConfig config) {
        Map<String, String> settings = new TreeMap<>();
        switch (output) {
            case LOG -> {
                settings.put("path", text("log", config.log().path()));
                settings.put("max_bytes", Long.toString(config.log().rotateBytes()));
                settings.put("files", Integer.toString(config.log().rotateCount()));
            }
            case UNIX -> settings.put("address", text("unix", config.unixAddress()));
            case FIFO -> settings.put("path", text("fifo", config.fifoPath()));
            case MQTT -> mqtt(config.mqtt(), settings);
            default -> throw new IllegalArgumentException("no destination: output=" + output);
        }
        return settings;
    }

    private static void mqtt(CamflowdConfig.Mqtt mqtt, Map<String, String> settings) {
        String host = mqtt.host().indexOf(':') >= 0 ? '[' + mqtt.host() + ']' : mqtt.host();
        settings.put("address", host + ':' + mqtt.port());
        settings.put("qos", Integer.toString(mqtt.qos()));
        if (!mqtt.username().isEmpty()) {
            settings.put("username", mqtt.username());
            settings.put("password", mqtt.password());
        }
        if (!mqtt.topic().isEmpty()) {
            settings.put("topic", mqtt.topic());
        }
    }

    private static String text(String section, RawText path) {
        String text = path.utf8();
        if (text == null) {
            throw new IllegalArgumentException("a path that is no UTF-8: section=" + section + ", path=" + path + "; rename it");
        }
        return text;
    }
}
