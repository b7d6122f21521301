// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/**
 * A record that breaks its own layout, or that contradicts what earlier records said. Nothing of it is in the graph
 * but, at most, objects for ids that it named and that nobody had introduced; the caller counts it and goes on with the
 * next.
 */
public final class MalformedRecordException extends RuntimeException {
    /**
     * @param message {@code what: key=value, key=value}
     */
    public MalformedRecordException(String message) {
        super(message);
    }
}
