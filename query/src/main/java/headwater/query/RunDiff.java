// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one recording did that another did not: which files were read, written, executed, made or removed, and which addresses spoken to,
 * by their names ({@link RunNames}). Memory follows the names, not the flows.
 */
public final class RunDiff {
    /** What was done. */
    public enum Act {
        EXECUTED, READ, WROTE, REMOVED, RECEIVED, SENT;

        /** In answers, such as {@code read}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** One thing done, and how often; {@code object} and {@code node} are of the last time. */
    public record Done(Act act, String name, long times, long object, long node) {
    }

    /** A file that both read under the same name, with other content. */
    public record Changed(String name, String how) {
    }

    /** One recording, and the graph that it is in. */
    public record Run(GraphView view, Session session, RunNames names) {
    }

    private RunDiff() {
    }

    /**
     * @param onlyFirst what only the first did, by act and name
     * @param common how many things both did
     * @param incomplete which of the two may have done more than is known, one clause each
     */
    public record Result(List<Done> onlyFirst, List<Done> onlySecond, List<Changed> changed, long common, List<String> incomplete) {
        /** True if nothing differs. */
        public boolean same() {
            return onlyFirst.isEmpty() && onlySecond.isEmpty() && changed.isEmpty();
        }
    }

    /**
     * Compares two recordings.
     *
     * @param sameStore whether they are in one store, where it is known which versions of a file were read
     */
    public static Result of(Run first, Run second, boolean sameStore, Patience patience) {
        Map<String, Done> one = done(first, patience);
        Map<String, Done> other = done(second, patience);
        List<Changed> changed = new ArrayList<>();
        long common = 0;
        for (Map.Entry<String, Done> entry : one.entrySet()) {
            Done twin = other.get(entry.getKey());
            if (twin != null) {
                common++;
                String how = entry.getValue().act() == Act.READ || entry.getValue().act() == Act.EXECUTED
                        ? change(first.view(), entry.getValue(), second.view(), twin, sameStore) : null;
                if (how != null) {
                    changed.add(new Changed(twin.name(), how));
                }
            }
        }
        return new Result(without(one, other), without(other, one), changed.stream().distinct().toList(), common,
                incomplete(first, second, patience));
    }

    private static List<String> incomplete(Run first, Run second, Patience patience) {
        List<String> incomplete = new ArrayList<>();
        for (Run run : List.of(first, second)) {
            long end = endNs(run);
            long gaps = run.view().gaps().stream().filter(gap -> gap.toNs() >= run.session().startNs() && gap.fromNs() <= end).count();
            if (gaps > 0) {
                incomplete.add("run " + run.session().number() + " has " + gaps + (gaps == 1 ? " gap" : " gaps")
                        + ": what it seems not to have done may have been lost");
            }
            if (run.session().endNs() == 0 && end == Long.MAX_VALUE) {
                incomplete.add("run " + run.session().number() + " has not ended");
            }
        }
        if (patience.reason() != null) {
            incomplete.add(patience.reason());
        }
        return incomplete;
    }

    private static List<Done> without(Map<String, Done> done, Map<String, Done> other) {
        return done.entrySet().stream().filter(entry -> !other.containsKey(entry.getKey())).map(Map.Entry::getValue).toList();
    }

    private static String change(GraphView first, Done a, GraphView second, Done b, boolean sameStore) {
        if (sameStore) {
            if (a.object() != b.object()) {
                return "another file (" + NodeId.of(a.object()) + ", then " + NodeId.of(b.object()) + ")";
            }
            return first.version(a.node()) == second.version(b.node()) ? null
                    : "written in between (version " + first.version(a.node()) + ", then " + second.version(b.node()) + ")";
        }
        byte[] one = first.attributes(a.object()).bytes(Attribute.INODE_KEY);
        byte[] other = second.attributes(b.object()).bytes(Attribute.INODE_KEY);
        return one == null || other == null || Arrays.equals(one, other) ? null : "another inode";
    }

    /** When a run was over: what came later is of another. */
    private static long endNs(Run run) {
        if (run.session().endNs() != 0) {
            return run.session().endNs();
        }
        return run.view().sessions().stream().filter(session -> session.number() > run.session().number())
                .mapToLong(session -> session.startNs() - 1).min().orElse(Long.MAX_VALUE);
    }

    private static Map<String, Done> done(Run run, Patience patience) {
        GraphView view = run.view();
        Map<String, Done> done = new TreeMap<>();
        Map<Long, String> names = new HashMap<>();
        long endNs = endNs(run);
        ImportedSessions imported = new ImportedSessions(view);
        long first = imported.any() ? view.dropped().edges() : firstFrom(view, run.session().startNs());
        for (long number = first; number < view.edges() && !patience.over(); number++) {
            GraphView.Edge edge = view.edge(number);
            if (imported.any() && !isOf(run, imported, edge, endNs)) {
                continue;
            }
            if (!imported.any() && edge.timeNs() > endNs) {
                break;
            }
            Act act = act(edge.relation());
            if (act == null) {
                continue;
            }
            long node = act == Act.READ || act == Act.EXECUTED || act == Act.RECEIVED ? edge.cause() : edge.effect();
            long object = view.object(node);
            String name = names.computeIfAbsent(object, key -> name(run, key));
            if (!name.isEmpty()) {
                Act real = real(act, view.kind(object));
                done.merge(real + " " + name, new Done(real, name, 1, object, node),
                        (old, more) -> new Done(real, name, old.times() + 1, object, node));
            }
        }
        return done;
    }

    private static boolean isOf(Run run, ImportedSessions imported, GraphView.Edge edge, long endNs) {
        Session importer = imported.of(run.view().object(edge.effect()));
        return run.session().isImported() ? importer != null && importer.number() == run.session().number()
                : importer == null && edge.timeNs() >= run.session().startNs() && edge.timeNs() <= endNs;
    }

    private static Act real(Act act, NodeKind kind) {
        boolean socket = kind == NodeKind.SOCKET;
        return socket && act == Act.READ ? Act.RECEIVED : socket && act == Act.WROTE ? Act.SENT : act;
    }

    private static String name(Run run, long object) {
        GraphView.Attributes attributes = run.view().attributes(object);
        return switch (run.view().kind(object)) {
            case FILE, LINK, CHAR, BLOCK, INODE_UNKNOWN, DIRECTORY -> {
                byte[] name = attributes.bytes(Attribute.NAME);
                yield name == null ? "" : run.names().file(Escapes.toLine(name));
            }
            case SOCKET, PACKET, ADDRESS -> {
                byte[] remote = attributes.bytes(Attribute.REMOTE_ADDRESS);
                yield remote == null || remote.length == 0 ? "" : Labels.protocol(attributes) + " "
                        + run.names().address(Escapes.toLine(remote));
            }
            default -> "";
        };
    }

    private static Act act(Relation relation) {
        return switch (relation) {
            case EXEC -> Act.EXECUTED;
            case READ, MMAP, MMAP_PRIVATE, LOAD_FILE, LOAD_MODULE, LOAD_FIRMWARE, LOAD_KEXEC_IMAGE, LOAD_KEXEC_INITRAMFS, READ_LINK,
                    COPY -> Act.READ;
            case RECEIVE, RECEIVE_MSG, ACCEPT -> Act.RECEIVED;
            case WRITE, SPLICE_OUT, MEMORY_WRITE, INODE_CREATE, SYMLINK, LINK, RENAME, SETATTR_INODE -> Act.WROTE;
            case UNLINK -> Act.REMOVED;
            case SEND, SEND_MSG, CONNECT, CONNECT_UNIX_STREAM -> Act.SENT;
            default -> null;
        };
    }

    /** The first edge that is not older, by halving. */
    private static long firstFrom(GraphView view, long timeNs) {
        long low = view.dropped().edges();
        long high = view.edges();
        while (low < high) {
            long middle = low + high >>> 1;
            if (view.edge(middle).timeNs() < timeNs) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
