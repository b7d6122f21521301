// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

/** A kind of recorder; found by {@link java.util.ServiceLoader}. */
public interface RecorderDriver {
    /** The word in configurations, such as {@code postgresql}. */
    String name();

    /**
     * A recorder that is not open yet.
     *
     * @throws IllegalArgumentException if a setting is missing, unknown or wrong, naming the recorder and the key
     */
    Recorder recorder(RecorderSpec spec);
}
