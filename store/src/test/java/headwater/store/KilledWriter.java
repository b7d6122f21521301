// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.log.LogWriter;
import headwater.store.log.SegmentFile;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Random;

/**
 * A process that writes until it is killed, and says what has been acknowledged. What it writes follows from numbers.
 */
public final class KilledWriter {
    static final long SEGMENT_BYTES = 200_000;
    private static final long DROPPED_SEGMENT_BYTES = 10_000;

    private KilledWriter() {
    }

    /** Arguments: the store, a seed for when to sync, and {@code drop} to drop the beginning of the log now and then. */
    public static void main(String[] arguments) {
        Random random = new Random(Long.parseLong(arguments[1]));
        Store store = Store.openForWriting(Path.of(arguments[0]), "killed writer", SegmentFile.Opener.FILES,
                arguments.length > 2 ? DROPPED_SEGMENT_BYTES : SEGMENT_BYTES, Clock.systemUTC());
        LogWriter writer = store.writer();
        int session = store.continuation().nextSession();
        writer.sessionStart(new Session(session, "boot", 1, 7, "trace", "system", "", 1, 0));
        writer.sync();
        while (true) {
            int count = 1 + random.nextInt(3_000);
            for (int i = 0; i < count; i++) {
                write(writer);
            }
            writer.sync();
            if (arguments.length > 2 && random.nextInt(3) > 0) {
                drop(store, random);
            }
            LogWriter.Acknowledged acknowledged = writer.acknowledged();
            System.out.println(session + " " + acknowledged.node() + " " + acknowledged.edge());
        }
    }

    /** What is written speaks of the newer half of all nodes. */
    private static void drop(Store store, Random random) {
        store.sealer().work();
        long next = store.writer().nextNode();
        RetentionPlan plan = store.retentionPlan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, DROPPED_SEGMENT_BYTES * (1 + random.nextInt(4))), 0);
        store.drop(plan, (objects, nodes) -> {
            for (long object = next / 2; object < next; object++) {
                objects.accept(object);
            }
        });
    }

    private static void write(LogWriter writer) {
        long node = writer.nextNode();
        writer.node(node, node, 0, NodeKind.FILE, 10 * node);
        writer.attribute(node, Attribute.INO, 3 * node, 10 * node);
        long edge = writer.nextEdge();
        writer.edge(edge, relation(edge), node / 2, node, 10 * node, -1, edge, -1);
    }

    private static Relation relation(long edge) {
        return Relation.values()[(int) (edge % Relation.values().length)];
    }

    /** The first edge, {@code from} or later, that is not what was written, -1 if all are right. */
    static long firstWrongEdge(GraphView view, long from) {
        for (long edge = from; edge < view.edges(); edge++) {
            GraphView.Edge is = view.edge(edge);
            long node = is.effect();
            GraphView.Edge want = new GraphView.Edge(edge, relation(edge), node / 2, node, 10 * node, -1, edge, -1);
            if (!is.equals(want) || view.attributes(node).number(Attribute.INO, -1) != 3 * node) {
                return edge;
            }
        }
        return -1;
    }
}
