// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.store.log.BlockHash;
import headwater.store.log.LogPosition;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer stores without a check for each access, so it has to look at what comes from outside. */
class HotWriterTest {
    private static final long NOW_NS = 1_700_000_000_000_000_000L;

    @TempDir
    private Path temp;

    private static LogPosition start() {
        return new LogPosition(1, 0, 0, 10, 10, 10, 0, false, BlockHash.root(new UUID(1, 2)), 0);
    }

    @Test
    void shouldRefuseNumbersThatItHasNoRowFor() {
        try (HotWriter writer = new HotWriter(HotTables.inMemory(), start())) {
            writer.node(10, 10, 0, NodeKind.FILE, NOW_NS);
            assertThrows(IndexOutOfBoundsException.class, () -> writer.node(11, 1L << 31, 0, NodeKind.FILE, NOW_NS));
            assertThrows(IndexOutOfBoundsException.class, () -> edge(writer, 10, 10, 11));
            assertThrows(IndexOutOfBoundsException.class, () -> edge(writer, 10, 1L << 32, 10));
            assertThrows(IndexOutOfBoundsException.class, () -> writer.attribute(11, Attribute.SIZE, 1, NOW_NS));
        }
    }

    private static void edge(HotWriter writer, long edge, long cause, long effect) {
        writer.edge(edge, Relation.READ, cause, effect, NOW_NS, -1, 0, -1);
    }

    @Test
    void shouldReserveAllThatItStoresToInAFile() throws IOException {
        int events = 60_000;
        try (HotTables tables = HotTables.create(temp.resolve("hot"), 3 * events); HotWriter writer = new HotWriter(tables, start())) {
            byte[] name = new byte[100];
            for (int i = 0; i < events; i++) {
                writer.node(10 + i, 10 + i, 0, NodeKind.FILE, NOW_NS + i);
                edge(writer, 10 + i, i % 10, 10 + i);
                name[i % 100]++;
                writer.attribute(10 + i, Attribute.NAME, MemorySegment.ofArray(name), 0, name.length, NOW_NS);
                writer.attribute(i % 10, Attribute.SIZE, 1L << 40, NOW_NS);
            }
            assertEquals(4L * events, writer.rows());
            for (int table = 0; table < tables.reserved.length; table++) {
                assertEquals(tables.tables[table].address(), tables.addresses[table]);
                assertEquals(0, tables.reserved[table] % 4096);
            }
        }
    }
}
