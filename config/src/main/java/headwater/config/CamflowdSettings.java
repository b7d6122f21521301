// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.config.CamflowdConfig.Log;
import headwater.config.CamflowdConfig.Mqtt;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link CamflowdConfig} as sections and keys, in the order of CamFlow's own file. */
final class CamflowdSettings {
    private CamflowdSettings() {
    }

    static List<Setting.Section> of(CamflowdConfig config) {
        Log log = config.log();
        Mqtt mqtt = config.mqtt();
        String host = mqtt.host().indexOf(':') >= 0 ? '[' + mqtt.host() + ']' : mqtt.host();
        List<Setting.Section> all = new ArrayList<>(List.of(
                section("general",
                        Setting.ofTexts("output", config.outputs().stream().map(CamflowdConfig.Output::text).toList()),
                        Setting.of("format", config.format().text()), Setting.ofTexts("recorder", config.recorders().kinds())),
                section("log", Setting.of("path", log.path()), Setting.of("rotate_size", log.rotateBytes()),
                        Setting.of("rotate_count", log.rotateCount())),
                section("mqtt", Setting.of("address", host.isEmpty() ? "" : host + ':' + mqtt.port()),
                        Setting.of("username", mqtt.username()), Setting.of("password", mqtt.password()),
                        Setting.of("qos", mqtt.qos()), Setting.of("topic", mqtt.topic())),
                section("unix", Setting.of("address", config.unixAddress())),
                section("fifo", Setting.of("path", config.fifoPath()))));
        CamflowdConfig.Retention retention = config.retention();
        if (!retention.equals(CamflowdConfig.Retention.ALL)) {
            all.add(new Setting.Section("retention", Origin.HEADWATER, List.of(Setting.of("age", age(retention.ageSeconds())),
                    Setting.of("size", retention.sizeBytes()), Setting.ofTexts("important", retention.important()),
                    Setting.of("important_age", age(retention.importantAgeSeconds())), Setting.of("segment", retention.segmentBytes()))));
        }
        for (String kind : RecorderKeys.kinds()) {
            Map<String, String> given = config.recorders().of(kind);
            if (!given.isEmpty()) {
                all.add(new Setting.Section(kind, Origin.HEADWATER, RecorderKeys.of(kind).stream().filter(given::containsKey)
                        .map(key -> setting(kind, key, given.get(key))).toList()));
            }
        }
        return all;
    }

    /** In the largest unit that divides it. */
    static String size(long bytes) {
        int unit = bytes == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(bytes) / 10);
        return (bytes >> 10 * unit) + "KMGT".substring(Math.max(0, unit - 1), unit);
    }

    static String age(long seconds) {
        return seconds % 86_400 == 0 && seconds > 0 ? seconds / 86_400 + "d" : seconds + "s";
    }

    private static Setting setting(String kind, String key, String value) {
        return RecorderKeys.type(kind, key) == RecorderKeys.Type.NUMBER ? Setting.of(key, Long.parseLong(value)) : Setting.of(key, value);
    }

    /** Leaves out what is not given. */
    private static Setting.Section section(String name, Setting... settings) {
        List<Setting> given = new ArrayList<>();
        for (Setting setting : settings) {
            if (setting.repeated() || !setting.values().getFirst().isEmpty()) {
                given.add(setting);
            }
        }
        return new Setting.Section(name, Origin.CAMFLOW, given);
    }
}
