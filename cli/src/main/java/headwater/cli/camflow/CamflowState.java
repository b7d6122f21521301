// SPDX-License-Identifier: Apache-2.0
package headwater.cli.camflow;

import headwater.cli.ControlAnswer;
import headwater.config.AddressRange;
import headwater.config.CamflowConfig;
import headwater.config.Marks;
import headwater.config.NamespaceId;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The state as {@code camflow -s} lays it out: scripts read it line by line. */
final class CamflowState {
    private static final long SUBTYPE = 0xffff_ffff_ffffL;

    private final StringBuilder text = new StringBuilder();

    private CamflowState() {
    }

    static String of(ControlAnswer policy, CamflowConfig config) {
        CamflowState state = new CamflowState();
        state.line("Machine id: " + policy.text("machine_id"));
        state.line("Policy hash: " + policy.text("hash"));
        state.capture(config, "true".equals(policy.text("captured")));
        state.filters("Node filter", "", config.provenance().nodeFilter(), config.provenance().relationFilter());
        state.filters("Propagate node filter", "Propagate ", config.provenance().propagateNodeFilter(),
                config.provenance().propagateRelationFilter());
        state.targets(config);
        return state.text.toString();
    }

    private void capture(CamflowConfig config, boolean captured) {
        line("Provenance capture:");
        line("- capture " + (config.provenance().enabled() ? "enabled;" : "disabled;"));
        line("- all " + (config.provenance().all() ? "enabled;" : "disabled;"));
        line(captured ? "- provenance has been captured;" : "- provenance was not captured;");
        line("- node compression " + (config.compression().node() ? "enabled;" : "disabled;"));
        line("- edge compression " + (config.compression().edge() ? "enabled;" : "disabled;"));
        line("- duplication " + (config.compression().duplicate() ? "enabled;" : "disabled;"));
        line("");
    }

    private void filters(String nodes, String prefix, List<String> kinds, List<String> relations) {
        types(nodes, kinds.stream().map(NodeKind::ofText).toList(), NodeKind::typeWord, NodeKind::text);
        relations(prefix.isEmpty() ? "Derived" : prefix + "derived", RelationClass.DERIVED, relations);
        relations(prefix.isEmpty() ? "Generated" : prefix + "generated", RelationClass.GENERATED, relations);
        relations(prefix.isEmpty() ? "Used" : prefix + "used", RelationClass.USED, relations);
        relations(prefix.isEmpty() ? "Informed" : prefix + "informed", RelationClass.INFORMED, relations);
        line("");
    }

    private void relations(String title, RelationClass ofClass, List<String> names) {
        types(title + " filter", names.stream().map(Relation::ofText).filter(relation -> relation.relationClass() == ofClass).toList(),
                Relation::typeWord, Relation::text);
    }

    /** In the order of their bits, as CamFlow goes through its masks. */
    private <T> void types(String title, List<T> types, ToLongFunction<T> word, Function<T, String> name) {
        ToLongFunction<T> bit = type -> word.applyAsLong(type) & SUBTYPE;
        line(title + " (" + Long.toHexString(types.stream().mapToLong(bit).reduce(0, (a, b) -> a | b)) + "):");
        types.stream().sorted(Comparator.comparingLong(bit)).map(name).forEach(this::line);
    }

    private void targets(CamflowConfig config) {
        marks("IPv4 ingress", config.ipv4Ingress(), AddressRange::text);
        marks("IPv4 egress", config.ipv4Egress(), AddressRange::text);
        marks("Security context", config.contexts(), context -> context);
        marks("Namespace", ofCgroups(config.namespaces()), id -> Long.toString(id.inode()));
        marks("User", config.users(), user -> user);
        marks("Group", config.groups(), group -> group);
    }

    /** CamFlow's command has no others, and would take their numbers for cgroup namespaces. */
    private static Marks<NamespaceId> ofCgroups(Marks<NamespaceId> all) {
        return new Marks<>(ofCgroups(all.track()), ofCgroups(all.propagate()), ofCgroups(all.opaque()), ofCgroups(all.record()));
    }

    private static List<NamespaceId> ofCgroups(List<NamespaceId> all) {
        return all.stream().filter(id -> id.kind() == NamespaceId.Kind.CGROUP).toList();
    }

    private <T> void marks(String title, Marks<T> marks, Function<T, String> name) {
        Set<T> targets = new LinkedHashSet<>(marks.track());
        targets.addAll(marks.propagate());
        targets.addAll(marks.opaque());
        targets.addAll(marks.record());
        line(title + " filter (" + targets.size() + ").");
        for (T target : targets) {
            List<String> words = new ArrayList<>(List.of(name.apply(target)));
            if (marks.propagate().contains(target)) {
                words.add("propagate");
            } else if (marks.track().contains(target) || marks.record().contains(target)) {
                words.add("track");
            }
            if (marks.opaque().contains(target)) {
                words.add("opaque");
            }
            if (marks.record().contains(target)) {
                words.add("record");
            }
            line(String.join(" ", words));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
