// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.GraphView.Edge;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.query.CommandLines;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.Start;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one session saw: which files were read and written, by which commands, on which machine.
 *
 * @param files regular files with a name, in the order of their names
 * @param commands the command lines of the programs that were executed, in their order
 * @param remotes the addresses that sockets of the run were connected to, each once
 * @param environment the names of the environment variables that were recorded, each once
 * @param gaps what the record missed while it ran
 */
public record Run(GraphView view, Session session, List<RunFile> files, List<String> commands, List<String> remotes,
        List<String> environment, List<Gap> gaps) {
    private static final int COMMANDS_MAX = 10_000;

    /** What happened to a file. */
    private static final class Touched {
        private boolean readFirst;
        private boolean read;
        private boolean written;
        private boolean readAgain;
        private long lastNs;
    }

    /** What the session saw. */
    public static Run of(GraphView view, Session session) {
        Map<Long, Touched> touched = new HashMap<>();
        Set<String> commands = new LinkedHashSet<>();
        Set<String> remotes = new LinkedHashSet<>();
        Set<String> environment = new LinkedHashSet<>();
        CommandLines lines = new CommandLines(view);
        Part part = new Part(view, session);
        part.edges(number -> {
            Edge edge = view.edge(number);
            long cause = view.object(edge.cause());
            long effect = view.object(edge.effect());
            if (view.kind(cause) == NodeKind.FILE && isRead(edge.relation())) {
                touch(touched, cause, edge.timeNs(), false);
            } else if (view.kind(effect) == NodeKind.FILE && isWrite(edge.relation())) {
                touch(touched, effect, edge.timeNs(), true);
            }
            switch (edge.relation()) {
                case EXEC_TASK -> commands.add(commands.size() < COMMANDS_MAX ? lines.of(effect) : "…");
                case ENV -> environment.add(name(view.attributes(cause).bytes(Attribute.VALUE)));
                case CONNECT, SEND_PACKET, RECEIVE_PACKET -> addRemote(remotes, view, cause, effect);
                default -> {
                    // Nothing that a run's evidence tells of.
                }
            }
        });
        commands.remove("");
        List<Gap> gaps = view.gaps().stream()
                .filter(gap -> gap.cause() == Gap.Cause.NOT_INDEXED || (gap.cause() == Gap.Cause.NOT_IMPORTED) == session.isImported()
                && gap.toNs() >= session.startNs() && (session.endNs() == 0 || gap.fromNs() <= session.endNs()))
                .toList();
        return new Run(view, session, files(view, touched), List.copyOf(commands), List.copyOf(remotes),
                List.copyOf(environment), gaps);
    }

    private static boolean isRead(Relation relation) {
        return switch (relation) {
            case READ, MMAP, MMAP_PRIVATE, EXEC, LOAD_FILE, SH_READ, COPY, READ_IOCTL, RECEIVE, USED -> true;
            default -> false;
        };
    }

    private static boolean isWrite(Relation relation) {
        return switch (relation) {
            case WRITE, SH_WRITE, COPY, INODE_CREATE, LINK, RENAME, WAS_GENERATED_BY -> true;
            default -> false;
        };
    }

    private static void touch(Map<Long, Touched> touched, long object, long timeNs, boolean write) {
        Touched one = touched.computeIfAbsent(object, key -> new Touched());
        if (write) {
            one.written = true;
        } else {
            one.readFirst |= !one.written;
            one.readAgain |= one.written;
            one.read = true;
        }
        one.lastNs = Math.max(one.lastNs, timeNs);
    }

    private static String name(byte[] variable) {
        String text = variable == null ? "" : new String(variable, StandardCharsets.UTF_8);
        int equals = text.indexOf('=');
        return equals < 0 ? text : text.substring(0, equals);
    }

    private static void addRemote(Set<String> remotes, GraphView view, long cause, long effect) {
        for (long object : new long[] {cause, effect}) {
            byte[] address = view.attributes(object).bytes(Attribute.REMOTE_ADDRESS);
            if (address != null && address.length > 0 && address[0] != '/' && address[0] != '@') {
                remotes.add(new String(address, StandardCharsets.UTF_8));
            }
        }
    }

    private static List<RunFile> files(GraphView view, Map<Long, Touched> touched) {
        Map<String, List<RunFile>> byName = new TreeMap<>();
        touched.forEach((object, one) -> {
            GraphView.Attributes attributes = view.attributes(object);
            byte[] name = attributes.bytes(Attribute.NAME);
            // What has no path from the root (a memfd, a file of another root directory) is nothing that can be shown
            // to anybody.
            if (name == null || name.length == 0 || name[0] != '/' || isKernels(name)) {
                return;
            }
            boolean gone = attributes.number(Attribute.DELETED, 0) != 0;
            RunFile.Use use = !one.written || one.readFirst && !one.readAgain && isOld(view, object) ? RunFile.Use.INPUT
                    : gone ? RunFile.Use.TEMPORARY : one.readAgain ? RunFile.Use.INTERMEDIATE : RunFile.Use.OUTPUT;
            if (one.written && use == RunFile.Use.INPUT) {
                // Read and then written over: both.
                byName.computeIfAbsent(new String(name, StandardCharsets.ISO_8859_1), key -> new ArrayList<>())
                        .add(new RunFile(object, name, gone ? RunFile.Use.TEMPORARY : RunFile.Use.OUTPUT, one.lastNs));
            }
            byName.computeIfAbsent(new String(name, StandardCharsets.ISO_8859_1), key -> new ArrayList<>())
                    .add(new RunFile(object, name, use, one.lastNs));
        });
        return byName.values().stream().flatMap(List::stream).toList();
    }

    private static boolean isOld(GraphView view, long object) {
        return view.attributes(object).number(Attribute.CREATED, 0) == 0;
    }

    private static boolean isKernels(byte[] name) {
        String text = new String(name, StandardCharsets.ISO_8859_1);
        return text.startsWith("/proc/") || text.startsWith("/sys/") || text.startsWith("/dev/");
    }

    /** The files that some things came from, and these themselves: of the rest of the run nothing is left. */
    public Run of(List<Start> starts) {
        Set<Long> objects = new HashSet<>();
        for (Start start : starts) {
            objects.addAll(start.objects());
            for (long node : Lineage.ancestors(view, start.title(), start, Limits.NONE).nodes()) {
                objects.add(view.object(node));
            }
        }
        Set<Long> asked = new HashSet<>();
        starts.forEach(start -> asked.addAll(start.objects()));
        List<RunFile> kept = new ArrayList<>();
        for (RunFile file : files) {
            if (asked.contains(file.object()) && file.isWritten()) {
                kept.add(new RunFile(file.object(), file.path(), RunFile.Use.OUTPUT, file.lastNs()));
            } else if (objects.contains(file.object())) {
                kept.add(file.use() == RunFile.Use.OUTPUT
                        ? new RunFile(file.object(), file.path(), RunFile.Use.INTERMEDIATE, file.lastNs()) : file);
            }
        }
        return new Run(view, session, kept, commands, remotes, environment, gaps);
    }

    /** True if nothing was missed, and the session is over. */
    public boolean isComplete() {
        return gaps.isEmpty() && session.endNs() != 0;
    }
}
