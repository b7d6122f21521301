// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Escapes;
import headwater.query.Labels;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Makes the figure of one cluster of objects. */
final class FigureMaker {
    private final GraphView view;
    private final Labels labels;
    private final Set<Long> starts;

    FigureMaker(GraphView view, Labels labels, Set<Long> starts) {
        this.view = view;
        this.labels = labels;
        this.starts = starts;
    }

    Figure of(List<Long> members) {
        List<Long> objects = new ArrayList<>(members);
        objects.sort(Comparator.naturalOrder());
        boolean start = objects.stream().anyMatch(starts::contains);
        long main = main(objects);
        NodeKind kind = view.kind(main);
        return switch (kind) {
            case TASK, PROCESS_MEMORY -> process(objects, start);
            case PIPE -> file(Figure.Shape.PIPE, main, objects, start);
            case SOCKET, ADDRESS, PACKET -> socket(main, objects, start);
            case DIRECTORY -> file(Figure.Shape.DIRECTORY, main, objects, start);
            case FILE, LINK, CHAR, BLOCK, INODE_UNKNOWN -> file(Figure.Shape.FILE, main, objects, start);
            case MACHINE -> new Figure(Figure.Shape.AGENT, labels.of(main), "machine", labels.of(main), start, objects,
                    1);
            case DISC_AGENT, AGENT -> new Figure(Figure.Shape.AGENT, labels.of(main), kind.text(), labels.of(main), start, objects, 1);
            case ACTIVITY -> new Figure(Figure.Shape.PROCESS, labels.of(main), kind.text(), labels.of(main), start, objects, 1);
            default -> new Figure(Figure.Shape.OTHER, labels.of(main), kind.text(), labels.of(main), start, objects, 1);
        };
    }

    /** The object that gives the cluster its name. */
    private long main(List<Long> objects) {
        return objects.stream().min(Comparator.comparingInt(o -> switch (view.kind(o)) {
            case TASK, PROCESS_MEMORY, FILE, DIRECTORY, PIPE, SOCKET, MACHINE -> 0;
            case LINK, CHAR, BLOCK, INODE_UNKNOWN -> 1;
            case PACKET -> 2;
            case ADDRESS -> 3;
            default -> 4;
        })).orElseThrow();
    }

    private Figure process(List<Long> objects, boolean start) {
        String title = "";
        String executable = "";
        String command = "";
        long pid = -1;
        for (long object : objects) {
            GraphView.Attributes a = view.attributes(object);
            pid = a.number(Attribute.TGID, a.number(Attribute.PID, pid));
            if (view.kind(object) == NodeKind.PROCESS_MEMORY) {
                // The newest program is what the process became.
                String line = labels.commandLines().of(object);
                title = line.isEmpty() ? title : line;
                executable = orElse(a.bytes(Attribute.NAME), executable);
            } else {
                command = orElse(a.bytes(Attribute.COMMAND), command);
                executable = orElse(a.bytes(Attribute.NAME), executable);
            }
        }
        if (title.isEmpty()) {
            title = executable.isEmpty() ? command : executable;
        }
        title = title.isEmpty() ? "process" : title;
        String name = pid < 0 ? title : title + " [" + pid + "]";
        return new Figure(Figure.Shape.PROCESS, title, pid < 0 ? "" : "pid " + pid, name, start, objects, 1);
    }

    private Figure socket(long main, List<Long> objects, boolean start) {
        String label = labels.of(main);
        GraphView.Attributes a = view.attributes(main);
        byte[] remote = a.bytes(Attribute.REMOTE_ADDRESS);
        for (long object : objects) {
            if (remote == null) {
                remote = view.attributes(object).bytes(Attribute.REMOTE_ADDRESS);
            }
        }
        String local = orElse(a.bytes(Attribute.LOCAL_ADDRESS), "");
        String protocol = Labels.protocol(a);
        if (remote == null && local.isEmpty()) {
            return new Figure(Figure.Shape.SOCKET, protocol.equals("socket") ? "socket" : protocol + " socket",
                    "", label, start, objects, 1);
        }
        String title = remote == null ? local : Escapes.toLine(remote);
        String detail = remote == null || local.isEmpty() ? protocol : protocol + " from " + local;
        String name = remote == null ? label : protocol + " " + (local.isEmpty() ? "" : local + " → ") + title;
        return new Figure(Figure.Shape.SOCKET, title, detail, name, start, objects, 1);
    }

    private Figure file(Figure.Shape shape, long main, List<Long> objects, boolean start) {
        GraphView.Attributes a = view.attributes(main);
        String name = labels.of(main);
        boolean deleted = a.number(Attribute.DELETED, 0) != 0;
        byte[] path = a.bytes(Attribute.NAME);
        String text = path == null ? "" : Escapes.toLine(path);
        int slash = text.lastIndexOf('/');
        if (!text.startsWith("/") && !text.startsWith("root:") || text.endsWith("/")) {
            String kind = view.kind(main).text();
            boolean anonymous = text.isEmpty() || shape == Figure.Shape.PIPE && text.startsWith("pipe:");
            return new Figure(shape, anonymous ? kind : text, "", name, start, objects, 1);
        }
        String folder = slash == 0 ? "/" : text.substring(0, slash);
        return new Figure(shape, text.substring(slash + 1), deleted ? folder + " (deleted)" : folder,
                deleted ? name + " (deleted)" : name, start, objects, 1);
    }

    private static String orElse(byte[] bytes, String otherwise) {
        return bytes == null || bytes.length == 0 ? otherwise : Escapes.toLine(bytes);
    }
}
