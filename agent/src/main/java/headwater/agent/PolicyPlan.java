// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.Filter;
import headwater.capture.KernelFeatures;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.Target;
import headwater.config.AddressRange;
import headwater.config.CamflowConfig;
import headwater.config.Mark;
import headwater.config.NamespaceId;
import headwater.config.RawText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@code camflow.ini} says of what is captured, as the kernel side takes it: names become numbers. */
final class PolicyPlan {
    /** Makes a target of what stands in the file; null if there is none on this machine now, which may yet come. */
    private interface Naming<T> {
        Target target(T name) throws IOException;
    }

    private PolicyPlan() {
    }

    /**
     * The policy; marks of files are not of it.
     *
     * @param notes gets a line for what is not there now and may yet come
     * @throws Selection.ImpossibleException if something is named that is not there, or that the kernel side does not select by
     */
    static Policy of(CamflowConfig config, List<String> notes) {
        CamflowConfig.Provenance provenance = config.provenance();
        List<Policy.Rule> rules = new ArrayList<>();
        try {
            add(rules, config.ipv4Ingress(), range -> address(range, false));
            add(rules, config.ipv4Egress(), range -> address(range, true));
            add(rules, config.ipv6Ingress(), range -> address(range, false));
            add(rules, config.ipv6Egress(), range -> address(range, true));
            add(rules, config.users(), name -> new Target.User(known("user", name, Accounts.user(name))));
            add(rules, config.groups(), name -> new Target.Group(known("group", name, Accounts.group(name))));
            add(rules, config.contexts(), Target.SecurityContext::new);
            add(rules, config.cgroups(), path -> cgroup(path, notes));
            add(rules, config.namespaces(), PolicyPlan::namespace);
            return new Policy(provenance.enabled(), provenance.all(),
                    new Filter(provenance.nodesNotRecorded(), provenance.relationsNotRecorded()),
                    new Filter(provenance.nodesNotPassedInto(), provenance.relationsNotPassed()), rules);
        } catch (IllegalArgumentException | IOException e) {
            throw new Selection.ImpossibleException(e.getMessage());
        }
    }

    /** Each target once, with all its marks: of addresses only the first that fits counts. */
    private static <T> void add(List<Policy.Rule> rules, headwater.config.Marks<T> marks, Naming<T> naming) throws IOException {
        Map<T, Marks> targets = new LinkedHashMap<>();
        for (Mark mark : Mark.values()) {
            for (T target : marks.of(mark)) {
                targets.merge(target, marks(mark), Marks::and);
            }
        }
        for (Map.Entry<T, Marks> entry : targets.entrySet()) {
            Target target = naming.target(entry.getKey());
            if (target != null) {
                rules.add(new Policy.Rule(target, entry.getValue()));
            }
        }
    }

    static Marks marks(Mark mark) {
        return switch (mark) {
            case TRACK -> Marks.TRACK;
            case PROPAGATE -> Marks.PROPAGATE;
            case OPAQUE -> Marks.OPAQUE;
            case RECORD -> Marks.RECORD;
        };
    }

    private static Target address(AddressRange range, boolean egress) {
        return new Target.Address(range.address(), range.prefixLength(), range.port(), egress);
    }

    private static int known(String what, String name, int number) {
        if (number < 0) {
            throw new Selection.ImpossibleException("no such " + what + ": section=" + what + ", value=" + name + "; make it, or remove the line");
        }
        return number;
    }

    private static Target cgroup(RawText path, List<String> notes) throws IOException {
        Path hierarchy = KernelFeatures.controlGroups();
        Path folder = hierarchy == null || path.utf8() == null ? null : hierarchy.resolve(path.utf8().substring(1));
        if (folder == null || !Files.isDirectory(folder)) {
            notes.add("no such control group: section=cgroup, value=" + path + ", hierarchy=" + hierarchy
                    + "; nothing of it is marked until what makes it has started and the configuration is read again");
            return null;
        }
        return new Target.Cgroup((long) Files.getAttribute(folder, "unix:ino"));
    }

    private static Target namespace(NamespaceId id) {
        Target.Namespace.Kind kind = switch (id.kind()) {
            case UTS -> Target.Namespace.Kind.UTS;
            case IPC -> Target.Namespace.Kind.IPC;
            case MNT -> Target.Namespace.Kind.MOUNT;
            case PID -> Target.Namespace.Kind.PID;
            case NET -> Target.Namespace.Kind.NET;
            case CGROUP -> Target.Namespace.Kind.CGROUP;
            case USER, TIME -> throw new Selection.ImpossibleException("processes are not selected by this kind of namespace: value="
                    + id.text() + "; name one of uts, ipc, mnt, pid, net, cgroup");
        };
        return new Target.Namespace(kind, (int) id.inode());
    }
}
