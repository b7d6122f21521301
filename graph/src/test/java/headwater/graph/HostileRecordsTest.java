// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.record.FlowOp;
import headwater.record.RecordLayout;
import headwater.record.RecordType;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, a record is taken or refused, and the graph keeps its contract. */
class HostileRecordsTest {
    private static final int[] LENGTHS = {0, RecordLayout.FLOW_BYTES, RecordLayout.INODE_BYTES, RecordLayout.TASK_BYTES,
        RecordLayout.FLOW_BYTES, 300, 300, RecordLayout.ADDRESS_BYTES, RecordLayout.ADDRESS_BYTES, 600,
        0, 0, 0, 0, 0, 0, RecordLayout.TASK_BYTES, RecordLayout.FILE_SYSTEM_BYTES, 300};
    private static final int[] TYPES = {1, 2, 3, 4, 5, 6, 7, 8, 9, RecordType.CHANGE, RecordType.FILE_SYSTEM,
        RecordType.ENVIRONMENT};

    /** Each record: a byte of length, then the record. */
    @FuzzTest
    void takesOrRefuses(byte[] bytes) {
        DrawnGraph graph = new DrawnGraph();
        GraphBuilder builder = builder(graph);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        int at = 0;
        while (at < bytes.length) {
            int length = (bytes[at++] & 0xff) * 2;
            hand(builder, segment, at, length);
            at += length;
        }
        graph.assertAcyclic();
    }

    /** The inputs that fuzzing starts from are whole captures, or it would start from noise. */
    @Test
    void takesAllOfTheSeeds() throws IOException {
        for (String name : new String[] {"processes", "sockets", "paths"}) {
            try (InputStream in = getClass().getResourceAsStream("HostileRecordsTestInputs/takesOrRefuses/" + name)) {
                byte[] bytes = in.readAllBytes();
                GraphBuilder builder = builder(new DrawnGraph());
                for (int at = 0; at < bytes.length;) {
                    int length = (bytes[at++] & 0xff) * 2;
                    builder.record(MemorySegment.ofArray(bytes), at, length);
                    at += length;
                }
            }
        }
    }

    @Test
    void takesOrRefusesRandomRecords() {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        System.out.println("HostileRecordsTest: headwater.seed=" + seed);
        int taken = 0;
        int refused = 0;
        for (int run = 0; run < 150; run++) {
            Random random = new Random(seed + run);
            DrawnGraph graph = new DrawnGraph();
            GraphBuilder builder = builder(graph);
            for (int i = 0; i < 150; i++) {
                byte[] bytes = record(random);
                if (hand(builder, MemorySegment.ofArray(bytes), 0, bytes.length)) {
                    taken++;
                } else {
                    refused++;
                }
            }
            graph.assertAcyclic();
        }
        assertTrue(taken > 500 && refused > 500, "taken=" + taken + ", refused=" + refused);
    }

    /** Random bytes, of which ids are mostly small, and type and operation mostly known. */
    private static byte[] record(Random random) {
        int type = random.nextInt(20) == 0 ? random.nextInt(256) : TYPES[random.nextInt(TYPES.length)];
        int length = type < LENGTHS.length && random.nextInt(10) != 0 ? LENGTHS[type] : random.nextInt(700);
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        MemorySegment segment = MemorySegment.ofArray(bytes);
        if (length < RecordLayout.FLOW_BYTES) {
            return bytes;
        }
        bytes[RecordLayout.TYPE] = (byte) type;
        bytes[RecordLayout.OP] = (byte) (type == RecordType.CHANGE ? FlowOp.SETUID + random.nextInt(8) : random.nextInt(30));
        boolean text = type == RecordType.NAME || type == RecordType.ARGS || type == RecordType.ENVIRONMENT;
        if (text && random.nextInt(4) != 0) {
            segment.set(ValueLayout.JAVA_INT_UNALIGNED, RecordLayout.ARG, random.nextInt(length));
        }
        boolean paths = type == RecordType.PATHS && random.nextInt(4) != 0;
        int idsEnd = type == RecordType.NAME ? RecordLayout.NAME_TEXT : text ? RecordLayout.TEXT : RecordLayout.FLOW_BYTES;
        for (int field = RecordLayout.OBJECT; field < idsEnd; field += 8) {
            if (random.nextInt(16) != 0) {
                segment.set(ValueLayout.JAVA_LONG_UNALIGNED, field, random.nextInt(12));
            }
        }
        for (int i = 0; paths && i < 4; i++) {
            segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, RecordLayout.PATHS_LENGTHS + 2 * i,
                    (short) random.nextInt(40));
        }
        return bytes;
    }

    private static GraphBuilder builder(DrawnGraph graph) {
        return new GraphBuilder(graph, null, Continuation.FIRST, Machine.SESSION, 0,
                path -> path.length % 2 == 0 ? null : new PathProbe.Found(path.length, 5, path.length << 12));
    }

    private static boolean hand(GraphBuilder builder, MemorySegment segment, int at, int length) {
        try {
            builder.record(segment, at, length);
            return true;
        } catch (MalformedRecordException refused) {
            return false;
        }
    }
}
