// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

import headwater.model.GraphSink;

/**
 * Hears of each event that the log has taken, and then that it has been written. Its methods do not throw, for the log goes on without
 * whoever listens. The log writer's thread calls.
 */
public interface LogTap extends GraphSink {
    /** All events so far are in the log, which others can read up to {@code position}. */
    void written(LogPosition position);

    /** No more events come. */
    void close();
}
