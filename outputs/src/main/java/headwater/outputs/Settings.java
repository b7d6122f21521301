// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.util.Map;
import java.util.Set;

/**
 * What one output, recorder or the like was told, by key. Immutable.
 *
 * @param of who, as messages name it: {@code output audit}
 * @param kind what it is, as messages name it: {@code destination=log}
 */
public record Settings(String of, String kind, Map<String, String> values) {
    public Settings {
        values = Map.copyOf(values);
    }

    /**
     * A setting that must be there.
     *
     * @throws IllegalArgumentException if it is not, or empty, naming whose it is and the key
     */
    public String required(String key) {
        String value = values.getOrDefault(key, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(of + ": setting is missing: " + kind + ", key=" + key);
        }
        return value;
    }

    /**
     * A number in a range; {@code otherwise} if it is not set.
     *
     * @throws IllegalArgumentException if it is none, naming whose it is and the key
     */
    public long number(String key, long otherwise, long least, long most) {
        String value = values.get(key);
        if (value == null) {
            return otherwise;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new IllegalArgumentException(of + ": not a number in range: key=" + key + ", value=" + value + ", least="
                + least + ", most="
                + most);
    }

    /**
     * Refuses what nobody reads.
     *
     * @throws IllegalArgumentException if there is a key that is not {@code known}, naming it
     */
    public void allow(Set<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(of + ": unknown setting: " + kind + ", key=" + key + ", want one of "
                        + String.join(" ", known.stream().sorted().toList()));
            }
        }
    }
}
