// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import java.util.List;
import java.util.Locale;

/** Where in the kernel flows are seen. */
public enum FrontEnd {
    /** BPF LSM programs: complete, before the operation. */
    LSM("lsm", "lsm"),
    /** The same programs, after the security hooks. */
    FEXIT("lsm", "fexit"),
    /** Typed tracepoints at system calls. */
    TRACE("trace", "tp_btf");

    private final String object;
    private final String family;

    FrontEnd(String object, String family) {
        this.object = object;
        this.family = family;
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
            case FEXIT -> List.of("every operation that the kernel's security hooks allowed is seen",
                    "objects and names are the kernel's own, not what a caller wrote");
            case TRACE -> List.of("every 64-bit system call that moves bytes between processes and files, pipes or sockets is seen",
                    "descriptors are resolved in the kernel, not from user memory",
                    "an effect never precedes its cause in the record");
        };
    }

    /** What this front-end cannot see, a line each. */
    public List<String> blindSpots() {
        return switch (this) {
            case LSM, FEXIT -> List.of("loads and stores on memory shared between processes, after the mapping was made",
                    "message queues, ptrace, process_vm_readv and process_vm_writev");
            case TRACE -> List.of("io_uring: its reads and writes are no system calls",
                    "32-bit system calls: counted, and reported as gaps",
                    "loads and stores on memory shared between processes, after the mapping was made",
                    "the program interpreter (ld.so), which the kernel itself maps at exec",
                    "rename, link, unlink and the like name files in the caller's words, not the kernel's");
        };
    }

    /** True for programs that are run on demand, not attached. */
    static boolean isIterator(BpfObject.Program program) {
        return program.family().equals("iter");
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
