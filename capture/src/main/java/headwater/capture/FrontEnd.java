// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Where in the kernel flows are seen. */
public enum FrontEnd {
    /** BPF LSM programs: complete, before the operation. */
    LSM("lsm"),
    /** The same programs, after the security hooks. */
    FEXIT("lsm"),
    /** Typed tracepoints at system calls. */
    TRACE("trace");

    private final String object;

    FrontEnd(String object) {
        this.object = object;
    }

    /** The name that people use. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The BPF object that holds its programs. */
    String object() {
        return object;
    }

    /** True if {@code program} is one of this front-end's. Hook bodies exist for {@code lsm} and for {@code fexit}. */
    boolean has(BpfObject.Program program) {
        return switch (program.family()) {
            case "lsm", "lsm.s" -> this == LSM;
            case "fexit" -> this == FEXIT && program.target().startsWith("security_")
                    || this != TRACE && !program.target().startsWith("security_");
            default -> true;
        };
    }

    /** What holds of a record made by this front-end, a line each. */
    public List<String> guarantees() {
        return switch (this) {
            case LSM -> List.of("every operation that passes the kernel's security hooks is seen, whichever call made it",
                    "objects and names are the kernel's own, not what a caller wrote",
                    "what a process can be seen to have written was recorded before it could be read");
            case FEXIT -> List.of("every operation that the kernel's security hooks allowed is seen, but for those where the "
                    + "kernel skipped a program: they are counted, and reported as gaps",
                    "objects and names are the kernel's own, not what a caller wrote");
            case TRACE -> List.of("every 64-bit system call that reads or writes files, pipes or sockets is seen, and every "
                    + "request of an io_uring that does",
                    "descriptors are resolved in the kernel, not from user memory, but for those that io_submit names there",
                    "an effect never precedes its cause in the record");
        };
    }

    /** What this front-end cannot see. The caller's to change. */
    public Set<BlindSpot> blindSpots() {
        Set<BlindSpot> spots = EnumSet.allOf(BlindSpot.class);
        spots.removeIf(spot -> !spot.isOf(this));
        return spots;
    }

    /** True for programs that are run on demand, not attached. */
    static boolean isIterator(BpfObject.Program program) {
        return program.family().equals("iter");
    }

    /** True for programs that do nothing but refuse (bpf/hooks_gates.h). */
    static boolean isGate(BpfObject.Program program) {
        return program.name().startsWith("gate_");
    }

    /** True for programs that see each packet: attached to a control group, and only if asked for. */
    static boolean isOfPackets(BpfObject.Program program) {
        return program.family().equals("cgroup_skb");
    }

    /** True for programs at the ends of calls that write to logs: attached only while lines are asked for (bpf/hooks_lines.h). */
    static boolean isOfLines(BpfObject.Program program) {
        return program.family().equals("fexit") && program.name().startsWith("line_");
    }

    /**
     * The front-end named {@code text}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static FrontEnd ofText(String text) {
        for (FrontEnd frontEnd : values()) {
            if (frontEnd.text().equals(text)) {
                return frontEnd;
            }
        }
        throw new IllegalArgumentException("unknown front-end: name=" + text + "; use auto, lsm, fexit or trace");
    }
}
