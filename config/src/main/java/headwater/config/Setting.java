// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.List;

/**
 * One key of a typed configuration, with what it holds.
 *
 * @param repeated true if it is a list, which may be empty; false if it holds one value
 */
public record Setting(String key, Type type, boolean repeated, List<RawText> values) {
    /** How a value is meant. */
    public enum Type {
        BOOLEAN, NUMBER, TEXT
    }

    /**
     * One section.
     *
     * @param name with an ASCII hyphen, if any
     */
    public record Section(String name, Origin origin, List<Setting> settings) {
        public Section {
            settings = List.copyOf(settings);
        }

        boolean isEmpty() {
            return settings.stream().allMatch(setting -> setting.values.isEmpty());
        }
    }

    public Setting {
        values = List.copyOf(values);
    }

    static Setting of(String key, boolean value) {
        return new Setting(key, Type.BOOLEAN, false, List.of(RawText.of(Boolean.toString(value))));
    }

    static Setting of(String key, long value) {
        return new Setting(key, Type.NUMBER, false, List.of(RawText.of(Long.toString(value))));
    }

    static Setting of(String key, String value) {
        return of(key, RawText.of(value));
    }

    static Setting of(String key, RawText value) {
        return new Setting(key, Type.TEXT, false, List.of(value));
    }

    static Setting ofTexts(String key, List<String> values) {
        return ofList(key, values.stream().map(RawText::of).toList());
    }

    static Setting ofList(String key, List<RawText> values) {
        return new Setting(key, Type.TEXT, true, values);
    }
}
