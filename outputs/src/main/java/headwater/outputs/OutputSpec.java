// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * One output as it is asked for.
 *
 * @param name tells it from the others; its position is kept under this name, so letters, digits, {@code . _ -} only
 * @param destination {@code null}, {@code log}, {@code unix}, {@code fifo}, or what another {@link DestinationDriver} is called
 * @param format of what it is sent
 * @param settings by key, as in {@code camflowd.ini}, and {@code from}: {@code start} (all that the store holds, the default) or
 *     {@code now}, where there is no position yet
 */
public record OutputSpec(String name, String destination, OutputFormat format, Map<String, String> settings) {
    /** The key of where to begin. */
    public static final String FROM = "from";
    /** The key of whether both ends are written again with each edge: {@code true} or {@code false}, the default; SPADE's always are. */
    public static final String DUPLICATE = "duplicate";

    /**
     * @throws IllegalArgumentException if the name cannot be that of a file, or {@code from} is neither word
     */
    public OutputSpec {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("name of an output: name=" + name + ", want letters, digits, . _ - (64 at most)");
        }
        settings = Map.copyOf(settings);
        if (!Set.of("start", "now").contains(settings.getOrDefault(FROM, "start"))) {
            throw new IllegalArgumentException("output " + name + ": from=" + settings.get(FROM) + ", want start or now");
        }
        if (!Set.of("true", "false").contains(settings.getOrDefault(DUPLICATE, "false"))) {
            throw new IllegalArgumentException("output " + name + ": duplicate=" + settings.get(DUPLICATE) + ", want true or false");
        }
    }

    boolean duplicate() {
        return Boolean.parseBoolean(settings.getOrDefault(DUPLICATE, "false"));
    }

    /**
     * A setting that must be there.
     *
     * @throws IllegalArgumentException if it is not, naming the output and the key
     */
    public String required(String key) {
        return all().required(key);
    }

    /** A setting, or {@code otherwise}. */
    public String setting(String key, String otherwise) {
        return settings.getOrDefault(key, otherwise);
    }

    /**
     * A number in a range.
     *
     * @throws IllegalArgumentException if it is none, naming the output and the key
     */
    public long number(String key, long otherwise, long least, long most) {
        return all().number(key, otherwise, least, most);
    }

    /**
     * Refuses what nobody reads.
     *
     * @param known the keys of the destination
     * @throws IllegalArgumentException if there is another key, naming it
     */
    public void allow(Set<String> known) {
        Map<String, String> ofDestination = new HashMap<>(settings);
        ofDestination.keySet().removeAll(Set.of(FROM, DUPLICATE));
        new Settings(all().of(), all().kind(), ofDestination).allow(known);
    }

    private Settings all() {
        return new Settings("output " + name, "destination=" + destination, settings);
    }
}
