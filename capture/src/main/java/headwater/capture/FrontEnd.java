// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
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
