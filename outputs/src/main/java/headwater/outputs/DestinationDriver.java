// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

/** A kind of destination. Those beyond the ones here are found by {@link java.util.ServiceLoader}. */
public interface DestinationDriver {
    /** The word in configurations, such as {@code log}. */
    String name();

    /**
     * A destination that is not open yet.
     *
     * @throws IllegalArgumentException if a setting is missing, unknown or wrong, naming the output and the key
     */
    Destination destination(OutputSpec spec);
}
