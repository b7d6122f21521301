// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.StatementChunk.Dialect;

/** Takes what a reader finds in a source, in its order. One thread calls. */
public interface StatementSink {
    /**
     * One statement.
     *
     * @param section as {@link headwater.model.StatementChunk.Statement#section}
     * @param id empty if the source gives none
     * @param bundle empty if it stands in none
     * @param body one JSON object
     * @param at where it begins, for errors
     */
    void statement(Dialect dialect, String section, String id, String bundle, String body, Position at);

    /** What a prefix stands for. */
    void prefix(String prefix, String uri);

    /** Something that cannot be read, and is left out. */
    void bad(Position at, String reason);

    /**
     * A place in a source.
     *
     * @param line from 1
     * @param column in bytes, from 1; 0 if it is the line as a whole
     */
    record Position(long line, long column) {
        @Override
        public String toString() {
            return column > 0 ? "line " + line + ", column " + column : "line " + line;
        }
    }
}
