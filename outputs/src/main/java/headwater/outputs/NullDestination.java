// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

/** {@code null}: what is sent is dropped. */
final class NullDestination implements Destination {
    @Override
    public void open(Stop stop) {
        // Always ready.
    }

    @Override
    public void send(Document document, Stop stop) {
        // Dropped.
    }

    @Override
    public boolean keeps() {
        return true;
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
