// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log that was written in format version 1: version-1.hwlog, one session of two nodes, an edge and two gaps. */
class VersionOneTest {
    private static final List<Gap> OLD_GAPS = List.of(new Gap(Gap.Cause.RING_FULL, Gap.Kind.ANY, 1, 1005, 1006, 12),
            new Gap(Gap.Cause.MAP_FULL, Gap.Kind.ANY, -1, 1005, 1007, 0));

    @TempDir
    Path store;

    private byte[] old;

    @BeforeEach
    void putInPlace() throws IOException {
        try (InputStream in = VersionOneTest.class.getResourceAsStream("version-1.hwlog")) {
            old = in.readAllBytes();
        }
        Files.createDirectories(store.resolve("log"));
        Files.createDirectories(store.resolve("index"));
        Files.write(segment(1), old);
    }

    private Path segment(int number) {
        return store.resolve("log/0000000" + number + ".hwlog");
    }

    private static void assertOld(GraphView view) {
        Session session = view.sessions().getFirst();
        assertEquals(new Session(1, "boot", 1, 7, "trace", "tree", "sort a > b", "record", 1000, 1100), session);
        assertEquals(OLD_GAPS, view.gaps().subList(0, 2));
        assertArrayEquals(new long[] {0}, view.find(Attribute.NAME, "/tmp/a".getBytes(StandardCharsets.UTF_8)));
        assertEquals(2, view.objects());
        assertEquals(1, view.edges());
    }

    @Test
    void shouldBeRead() {
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            assertOld(view);
        }
    }

    @Test
    void shouldBeContinuedInASegmentOfItsOwn() throws IOException {
        Session session = new Session(2, "boot", 1, 7, "lsm", "system", "", "block", 2000, 0);
        Gap gap = new Gap(Gap.Cause.SHED, Gap.Kind.TRANSFER, 0, 2001, 2002, 5);
        for (int i = 0; i < 2; i++) {
            try (Store opened = Store.openForWriting(store, "test")) {
                if (i == 0) {
                    opened.writer().sessionStart(session);
                    opened.writer().gap(gap);
                    opened.writer().sessionEnd(2100);
                }
                opened.refreshIndex();
            }
            try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
                assertOld(view);
                assertEquals(List.of(session.withEnd(2100)), view.sessions().subList(1, 2));
                assertEquals(List.of(gap), view.gaps().subList(2, 3));
            }
        }
        assertArrayEquals(old, Files.readAllBytes(segment(1)), "what was written is not changed");
        assertTrue(Files.exists(segment(2)) && !Files.exists(segment(3)));
    }
}
