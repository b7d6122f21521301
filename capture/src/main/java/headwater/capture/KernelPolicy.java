// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.record.PolicyLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The policy that the programs have: writes another in its place. What a policy refers to is written first and its generation last, so a
 * process that was judged in between is judged again; then what was concluded of tasks that nobody records (bpf/bystanders.h) is void.
 */
final class KernelPolicy {
    /* enum target_kind */
    private static final int TARGET_USER = 0;
    private static final int TARGET_GROUP = 1;
    private static final int TARGET_NAMESPACES = 2;
    private static final int TARGET_CGROUP = 8;
    private static final int TARGET_CONTEXT = 9;

    /* policy.partial */
    private static final int TRACKED_ONLY = 1;
    private static final int NOTHING = 2;

    private final BpfObject object;
    private final boolean packetsOfAll;
    /** What the programs start with is the first. */
    private int generation = 1;
    private final Set<Key> targets = new HashSet<>();
    /** OBJECTS_… of files that are marked, not by a target. */
    private int objectsMarked;
    private SecurityModule security;
    private Policy policy = Policy.EVERYTHING;
    /** There has been a target: marks that it gave stay. */
    private boolean ruled;

    private record Key(int kind, long id) {
        MemorySegment segment(Arena arena) {
            MemorySegment key = arena.allocate(PolicyLayout.KEY_BYTES, 8);
            key.set(ValueLayout.JAVA_LONG, PolicyLayout.KEY_ID, id);
            key.set(ValueLayout.JAVA_INT, PolicyLayout.KEY_KIND, kind);
            return key;
        }
    }

    /** @param packetsOfAll whether packets are wanted of other sockets than those that are marked for it */
    KernelPolicy(BpfObject object, boolean packetsOfAll) {
        this.object = object;
        this.packetsOfAll = packetsOfAll;
    }

    /** Whether a rule asks for what packets carry. */
    static boolean records(Policy policy) {
        return policy.rules().stream().anyMatch(rule -> rule.marks().has(Mark.RECORD));
    }

    Policy policy() {
        return policy;
    }

    /** False as long as no object can bear a mark: nothing has ever given one. */
    boolean isSelective() {
        return objectsMarked != 0 || ruled;
    }

    /** Somebody is about to give these marks to a file or a process; those that nobody tracks may touch it. */
    void marking(Marks marks) {
        int now = objectsMarked | objects(marks);
        if (objectsMarked != now) {
            objectsMarked = now;
            put(policy);
        }
    }

    private static int objects(Marks marks) {
        if (marks.isEmpty()) {
            return 0;
        }
        return PolicyLayout.OBJECTS_MARKED | (marks.has(Mark.TRACKED) ? PolicyLayout.OBJECTS_TRACKED : 0);
    }

    /** Processes are judged themselves; files of users and groups, and sockets at addresses, are objects. */
    private static int objects(Policy wanted) {
        int objects = 0;
        for (Policy.Rule rule : wanted.rules()) {
            switch (rule.target()) {
                case Target.User user -> objects |= objects(rule.marks());
                case Target.Group group -> objects |= objects(rule.marks());
                case Target.Address address -> objects |= objects(rule.marks());
                default -> { }
            }
        }
        return objects;
    }

    /** @throws headwater.capture.kernel.KernelException if it names what this machine has not */
    void check(Policy wanted) {
        marksOf(wanted);
    }

    /**
     * Before a policy that records only what is tracked comes in the place of one that records everything: its targets give their marks
     * already, so that what a process has begun under the one is not refused by the other for want of them.
     *
     * @return whether there was need: then all processes have to be judged before {@link #put}
     */
    boolean announce(Policy wanted) {
        if (isPartial(policy) || wanted.all() || !wanted.enabled()) {
            return false;
        }
        try (Arena call = Arena.ofConfined()) {
            putTargets(call, marksOf(wanted), false);
            putValue(call, policy);
        }
        return true;
    }

    void put(Policy wanted) {
        ruled |= !wanted.rules().isEmpty();
        try (Arena call = Arena.ofConfined()) {
            putTargets(call, marksOf(wanted), true);
            List<Policy.Rule> addresses = addresses(wanted);
            for (int i = 0; i < addresses.size(); i++) {
                object.put(object.mapDescriptor("address_targets"), call.allocateFrom(ValueLayout.JAVA_INT, i),
                        address(call, addresses.get(i)));
            }
            putValue(call, wanted);
        }
        policy = wanted;
    }

    private static boolean isPartial(Policy policy) {
        return !policy.enabled() || !policy.all();
    }

    private static List<Policy.Rule> addresses(Policy policy) {
        return policy.rules().stream().filter(rule -> rule.target() instanceof Target.Address).toList();
    }

    private Map<Key, Marks> marksOf(Policy wanted) {
        Map<Key, Marks> marks = new HashMap<>();
        for (Policy.Rule rule : wanted.rules()) {
            if (!(rule.target() instanceof Target.Address)) {
                marks.merge(key(rule.target()), rule.marks(), Marks::and);
            }
        }
        return marks;
    }

    /** @param alone whether those that there are beside these go */
    private void putTargets(Arena call, Map<Key, Marks> wanted, boolean alone) {
        int map = object.mapDescriptor("targets");
        wanted.forEach((key, marks) -> object.put(map, key.segment(call), marking(call, marks, 0)));
        if (alone) {
            targets.stream().filter(key -> !wanted.containsKey(key)).forEach(gone -> object.delete(map, gone.segment(call)));
            targets.clear();
        }
        targets.addAll(wanted.keySet());
    }

    private void putValue(Arena call, Policy wanted) {
        MemorySegment value = value(call, wanted);
        int data = object.mapDescriptor(".data.policy");
        MemorySegment zero = call.allocateFrom(ValueLayout.JAVA_INT, 0);
        object.put(data, zero, value);
        generation++;
        value.set(ValueLayout.JAVA_INT, PolicyLayout.SELECTED, 2 * generation + 1);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.UNSELECTED, 2 * generation);
        object.put(data, zero, value);
        object.iterate("policy_changed", (int) ProcessHandle.current().pid());
    }

    private MemorySegment value(Arena arena, Policy wanted) {
        MemorySegment value = arena.allocate(PolicyLayout.BYTES, 8);
        int kinds = 0;
        for (Key key : targets) {
            kinds |= 1 << key.kind;
        }
        boolean partial = isPartial(wanted);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.SELECTED, 2 * generation + 1);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.UNSELECTED, 2 * generation);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.ACTIVE, partial || !wanted.filter().isEmpty() ? 1 : 0);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.PARTIAL, !wanted.enabled() ? NOTHING : partial ? TRACKED_ONLY : 0);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.OBJECTS, objects(wanted) | objectsMarked);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.TARGETS, kinds);
        value.set(ValueLayout.JAVA_INT, PolicyLayout.ADDRESSES, addresses(wanted).size());
        value.set(ValueLayout.JAVA_INT, PolicyLayout.NO_STRINGS, Operations.noStrings(wanted.filter())
                | (packetsOfAll ? 0 : PolicyLayout.NO_OTHER_PACKETS));
        if ((kinds & 1 << TARGET_CONTEXT) != 0) {
            value.set(ValueLayout.JAVA_INT, PolicyLayout.SECURITY_MODULE, security().module());
            value.set(ValueLayout.JAVA_INT, PolicyLayout.SECURITY_OFFSET, security().offset());
        }
        longs(value, PolicyLayout.OPERATIONS, wanted.enabled() ? Operations.filtered(wanted.filter())
                : new long[] {-1, -1, -1, -1});
        longs(value, PolicyLayout.SPREAD_OPERATIONS, Operations.unspread(wanted.spreading()));
        value.set(ValueLayout.JAVA_LONG, PolicyLayout.KINDS, Operations.kinds(wanted.filter()));
        value.set(ValueLayout.JAVA_LONG, PolicyLayout.SPREAD_KINDS, Operations.kinds(wanted.spreading()));
        return value;
    }

    private static void longs(MemorySegment value, long at, long[] longs) {
        MemorySegment.copy(longs, 0, value, ValueLayout.JAVA_LONG, at, longs.length);
    }

    private SecurityModule security() {
        if (security == null) {
            security = new SecurityModule(object);
        }
        return security;
    }

    private Key key(Target target) {
        return switch (target) {
            case Target.User user -> new Key(TARGET_USER, user.id() & 0xffffffffL);
            case Target.Group group -> new Key(TARGET_GROUP, group.id() & 0xffffffffL);
            case Target.Namespace namespace ->
                new Key(TARGET_NAMESPACES + namespace.kind().ordinal(), namespace.inode() & 0xffffffffL);
            case Target.Cgroup cgroup -> new Key(TARGET_CGROUP, cgroup.id());
            case Target.SecurityContext context -> new Key(TARGET_CONTEXT, security().id(context.context()));
            case Target.Address address -> throw new IllegalArgumentException("no key for an address: address=" + address);
        };
    }

    private static MemorySegment address(Arena arena, Policy.Rule rule) {
        Target.Address target = (Target.Address) rule.target();
        MemorySegment value = arena.allocate(PolicyLayout.ADDRESS_BYTES, 8);
        MemorySegment.copy(target.bytes(), 0, value, ValueLayout.JAVA_BYTE, PolicyLayout.ADDRESS, 16);
        MemorySegment.copy(target.mask(), 0, value, ValueLayout.JAVA_BYTE, PolicyLayout.ADDRESS_MASK, 16);
        MemorySegment.copy(marking(arena, rule.marks(), 0), 0, value, PolicyLayout.ADDRESS_MARKING, PolicyLayout.MARKING_BYTES);
        value.set(ValueLayout.JAVA_SHORT, PolicyLayout.ADDRESS_PORT, (short) target.port());
        value.set(ValueLayout.JAVA_SHORT, PolicyLayout.ADDRESS_EGRESS, (short) (target.egress() ? 1 : 0));
        return value;
    }

    /** {@code struct marking}. */
    static MemorySegment marking(Arena arena, Marks marks, int clear) {
        MemorySegment value = arena.allocate(PolicyLayout.MARKING_BYTES, 8);
        value.set(ValueLayout.JAVA_LONG, PolicyLayout.MARKING_TAINT, marks.taint());
        value.set(ValueLayout.JAVA_INT, PolicyLayout.MARKING_SET, marks.bits());
        value.set(ValueLayout.JAVA_INT, PolicyLayout.MARKING_CLEAR, clear);
        return value;
    }
}
