// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.model.GraphSink;
import headwater.outputs.Stop;
import headwater.store.log.LogBlock;
import headwater.store.log.MalformedPayloadException;
import java.io.IOException;
import java.util.UUID;

/**
 * Keeps a store's graph somewhere else. It is given the log's blocks in order, without a hole; whether it hands on
 * their bytes or takes their events ({@link LogBlock#replay}) is its own affair. Where it is to go on, the target
 * itself says, so that it can keep what it was given and how far it has come in one step: then everything is there
 * exactly once.
 *
 * <p>One thread uses it, and may wait in it: nobody else waits for that thread. After an {@link IOException} it is
 * closed, opened again, and given what comes after that which the target then says it has.
 */
public interface Recorder extends AutoCloseable {
    /**
     * Connects, makes what has to be there, undoes what was begun and not committed, and says what the target has of
     * {@code store}.
     *
     * @throws IOException if that is not possible now; it is tried again later
     */
    Recorded open(UUID store, Stop stop) throws IOException;

    /**
     * Takes the next block. Nobody can see it before {@link #commit}.
     *
     * @throws IOException if it could not be taken: nothing since the last commit counts then
     */
    void take(LogBlock block, Stop stop) throws IOException;

    /**
     * Gives the events of a block to {@code sink}.
     *
     * @throws IOException if the block cannot be read, naming it
     */
    static void replay(LogBlock block, GraphSink sink) throws IOException {
        try {
            block.replay(sink);
        } catch (MalformedPayloadException e) {
            throw new IOException("block cannot be read: block=" + block.number() + ", cause=" + e.getMessage(), e);
        }
    }

    /**
     * Keeps what was taken since the last time, durably, and that the target has {@code all} now.
     *
     * @throws IOException if it is not known whether it did
     */
    void commit(Recorded all, Stop stop) throws IOException;

    /** When to commit. Asked when something was taken. */
    default CommitRule commitRule() {
        return CommitRule.SOON;
    }

    /** True if {@code next} must not be committed together with what was taken before. */
    default boolean parted(LogBlock next) {
        return false;
    }

    /** Called every second or so while there is nothing to take. */
    default void idle() throws IOException {
        // Most need nothing.
    }

    /** Lets go; {@link #open} may follow. What was taken and not committed is gone. */
    @Override
    void close();
}
