// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.config.CamflowConfig;
import headwater.config.Mark;
import headwater.config.Marks;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is captured, in a line. */
public final class PolicyText {
    private PolicyText() {
    }

    /** Such as {@code only what is tracked; 2 targets, 1 file marked, 3 types filtered}. */
    public static String of(CamflowConfig config) {
        CamflowConfig.Provenance provenance = config.provenance();
        if (!provenance.enabled()) {
            return "nothing, as enabled is not true";
        }
        StringBuilder text = new StringBuilder(provenance.all() ? "everything" : "only what is tracked");
        String next = "; ";
        next = count(text, next, targets(config), "target");
        next = count(text, next, marked(config.files()) + config.taints().size(), "file mark");
        next = count(text, next, provenance.nodesNotRecorded().size() + provenance.relationsNotRecorded().size(), "type filter");
        count(text, next, provenance.nodesNotPassedInto().size() + provenance.relationsNotPassed().size(), "propagation filter");
        return text.toString();
    }

    private static String count(StringBuilder text, String before, int count, String what) {
        if (count == 0) {
            return before;
        }
        text.append(before).append(count).append(' ').append(what).append(count == 1 ? "" : "s");
        return ", ";
    }

    private static int targets(CamflowConfig config) {
        return List.of(config.ipv4Ingress(), config.ipv4Egress(), config.ipv6Ingress(), config.ipv6Egress(), config.users(),
                config.groups(), config.contexts(), config.cgroups(), config.namespaces()).stream().mapToInt(PolicyText::marked).sum();
    }

    private static int marked(Marks<?> marks) {
        Set<Object> targets = new HashSet<>();
        for (Mark mark : Mark.values()) {
            targets.addAll(marks.of(mark));
        }
        return targets.size();
    }
}
