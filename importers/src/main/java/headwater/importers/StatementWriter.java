// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.StatementChunk;
import headwater.model.StatementChunk.Statement;
import java.util.ArrayList;
import java.util.List;

/** Gathers statements into chunks, as their nodes or edges are numbered. For one thread. */
final class StatementWriter {
    /** Takes a chunk that is full. */
    @FunctionalInterface
    interface Full {
        void chunk(long key, byte[] packed);
    }

    private final boolean edges;
    private final Full full;
    private final List<Statement> waiting = new ArrayList<>();
    private long key;
    private long bytes;

    StatementWriter(boolean edges, Full full) {
        this.edges = edges;
        this.full = full;
    }

    /** Takes a statement whose number is no lower than the one before. */
    void add(Statement statement) {
        long next = StatementChunk.key(edges, statement.number());
        if (!waiting.isEmpty() && (next != key || bytes > StatementChunk.FULL_BYTES)) {
            flush();
        }
        key = next;
        waiting.add(statement);
        bytes += 2L * (statement.body().length() + statement.id().length() + 64);
    }

    /** Hands over what waits. */
    void flush() {
        if (!waiting.isEmpty()) {
            full.chunk(key, StatementChunk.pack(waiting));
            waiting.clear();
            bytes = 0;
        }
    }
}
