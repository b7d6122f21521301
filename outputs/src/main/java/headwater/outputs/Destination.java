// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.io.IOException;

/**
 * Where documents go. One thread uses it, and may wait in it: nobody else waits for that thread. After an {@link IOException} the
 * destination is closed, opened again, and sent again what it may not have.
 */
public interface Destination extends AutoCloseable {
    /**
     * Gets ready to send; waits, as long as {@link Stop} lets it, for someone to send to.
     *
     * @throws IOException if that is not possible now; it is tried again later
     */
    void open(Stop stop) throws IOException;

    /**
     * Sends a document, waiting until there is room.
     *
     * @throws IOException if it did not get there whole
     */
    void send(Document document, Stop stop) throws IOException;

    /**
     * Waits until all that was sent is where it is safe, or with whom it was meant for.
     *
     * @return true if it is; false if that is only known once another document could be sent
     * @throws IOException if it is not
     */
    default boolean flush(Stop stop) throws IOException {
        return true;
    }

    /** Called at least every second or so while there is nothing to send, and after each flush. */
    default void idle() throws IOException {
        // Most need nothing.
    }

    /**
     * What the target held when {@link #flush} last succeeded, in words that only the destination needs to understand; empty if it does
     * not matter. Kept with the position.
     */
    default String checkpoint() {
        return "";
    }

    /** Before the first {@link #open}: what {@link #checkpoint} was where it goes on. What was sent after that is to be undone. */
    default void resume(String checkpoint) {
        // Most cannot undo.
    }

    /** True once after the reader was given something new that has to be readable by itself, such as a new file. */
    default boolean begunAnew() {
        return false;
    }

    /** True if what was sent stays sent although a later document failed: so for a file, not for a FIFO whose reader went away. */
    default boolean keeps() {
        return false;
    }

    /** Lets go; {@link #open} may follow. */
    @Override
    void close();
}
