// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.util.EnumSet;
import java.util.Set;

/**
 * Marks to give to an object, and the taint that goes with them.
 *
 * @param set which marks
 * @param taint which of 64 sorts of taint, a bit for each
 */
public record Marks(Set<Mark> set, long taint) {
    public static final Marks NONE = of();
    public static final Marks TRACK = of(Mark.TRACKED);
    public static final Marks OPAQUE = of(Mark.OPAQUE);
    /** Tracked, as CamFlow has it: nothing propagates that is not. */
    public static final Marks PROPAGATE = of(Mark.TRACKED, Mark.PROPAGATE);
    /** Tracked likewise. */
    public static final Marks RECORD = of(Mark.TRACKED, Mark.RECORD);

    private static final int OPAQUE_IMAGE = 16;

    public Marks {
        set = Set.copyOf(set);
    }

    private static Marks of(Mark... marks) {
        Set<Mark> set = EnumSet.noneOf(Mark.class);
        set.addAll(Set.of(marks));
        return new Marks(set, 0);
    }

    /** These marks with more taint. */
    public Marks tainted(long more) {
        return new Marks(set, taint | more);
    }

    /** Both together. */
    public Marks and(Marks other) {
        Set<Mark> both = EnumSet.noneOf(Mark.class);
        both.addAll(set);
        both.addAll(other.set);
        return new Marks(both, taint | other.taint);
    }

    /** As the other, but for what a process bears by what it executes. */
    static Marks ownOfBits(int bits, long taint) {
        return ofBits(bits & ~OPAQUE_IMAGE, taint);
    }

    /** @param bits as {@code enum mark} of {@code bpf/select.h} has them; a process that executes an opaque file is opaque */
    public static Marks ofBits(int bits, long taint) {
        Set<Mark> set = EnumSet.noneOf(Mark.class);
        for (Mark mark : Mark.values()) {
            if ((bits & mark.bit()) != 0) {
                set.add(mark);
            }
        }
        if ((bits & OPAQUE_IMAGE) != 0) {
            set.add(Mark.OPAQUE);
        }
        return new Marks(set, taint);
    }

    /** Neither marks nor taint. */
    public boolean isEmpty() {
        return set.isEmpty() && taint == 0;
    }

    /** Whether this mark is one of them. */
    public boolean has(Mark mark) {
        return set.contains(mark);
    }

    /** The bits of all marks, as CamFlow numbers them. */
    public int bits() {
        return set.stream().mapToInt(Mark::bit).sum();
    }
}
