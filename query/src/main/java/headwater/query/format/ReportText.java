// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Answer;
import headwater.query.Escapes;
import headwater.query.Folders;
import headwater.query.Labels;
import headwater.query.Start;
import headwater.query.What;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the data reached: files by folder, addresses by host. */
final class ReportText {
    private static final int MAX_NAMES = 200;
    private static final int REST_GROUPS = 12;

    private final Answer answer;
    private final boolean fold;
    private final Folders rest = new Folders();
    private long names;
    private long unnamed;
    private final Labels labels;

    /**
     * @param fold show no more than a person reads
     */
    ReportText(Answer answer, boolean fold) {
        this.fold = fold;
        this.answer = answer;
        this.labels = new Labels(answer.view());
    }

    void write(StringBuilder text) {
        for (Start start : answer.starts()) {
            TextEnding.heading(text, answer, start);
        }
        Map<String, List<String>> folders = new TreeMap<>();
        Map<String, List<String>> hosts = new TreeMap<>();
        GraphView view = answer.view();
        for (long node : answer.reached()) {
            long object = view.object(node);
            NodeKind kind = view.kind(object);
            if (kind == NodeKind.SOCKET || kind == NodeKind.PACKET || kind == NodeKind.ADDRESS) {
                network(hosts, object);
            } else {
                file(folders, object);
            }
        }
        if (answer.reached().length == 0) {
            text.append("\nIts data reached no file and no address.\n\n");
            return;
        }
        groups(text, "Files", folders, "/");
        if (unnamed > 0) {
            text.append("  … and ").append(CrowdText.number(unnamed)).append(" more (--all shows them)\n");
            for (Folders.Group group : rest.groups(REST_GROUPS)) {
                text.append(String.format("  %,12d  of %s%n", group.count(), group.folder()));
            }
        }
        groups(text, "Addresses", hosts, ":");
        text.append('\n');
    }

    private void file(Map<String, List<String>> folders, long object) {
        String label = labels.of(object);
        int slash = label.startsWith("/") || What.isOfOtherRoot(label.getBytes(StandardCharsets.UTF_8)) ? label.lastIndexOf('/') : -1;
        String folder = slash < 0 ? "(no name)" : slash == 0 ? "/" : label.substring(0, slash);
        String deleted = answer.view().attributes(object).number(Attribute.DELETED, 0) != 0 ? " (deleted)" : "";
        if (fold && ++names > MAX_NAMES) {
            unnamed++;
            rest.add(label);
            return;
        }
        add(folders, folder, label.substring(slash + 1) + deleted);
    }

    private void network(Map<String, List<String>> hosts, long object) {
        GraphView.Attributes a = answer.view().attributes(object);
        byte[] remote = a.bytes(Attribute.REMOTE_ADDRESS);
        if (remote == null) {
            add(hosts, "(not connected)", labels.of(object));
            return;
        }
        SocketAddress address = SocketAddress.parse(Escapes.toLine(remote), (int) a.number(Attribute.FAMILY, 0));
        String service = address.service().isEmpty() ? Labels.protocol(a) : Labels.protocol(a) + " "
                + address.service();
        add(hosts, address.host(), service);
    }

    private static void add(Map<String, List<String>> groups, String group, String member) {
        List<String> members = groups.computeIfAbsent(group, key -> new ArrayList<>());
        if (!members.contains(member)) {
            members.add(member);
        }
    }

    private static void groups(StringBuilder text, String title, Map<String, List<String>> groups, String separator) {
        if (groups.isEmpty()) {
            return;
        }
        int count = groups.values().stream().mapToInt(List::size).sum();
        text.append('\n').append(title).append(" (").append(count).append(")\n");
        for (Map.Entry<String, List<String>> group : groups.entrySet()) {
            List<String> members = group.getValue();
            boolean folder = separator.equals("/") && group.getKey().startsWith("/") && group.getKey().length() > 1;
            if (members.size() == 1 && folder) {
                text.append("  ").append(group.getKey()).append('/').append(members.getFirst()).append('\n');
                continue;
            }
            text.append("  ").append(group.getKey()).append(folder ? "/" : "")
                    .append("  (").append(members.size()).append(")\n");
            members.stream().sorted().forEach(member -> text.append("      ").append(member).append('\n'));
        }
    }
}
