// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.record.CallGroup;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Hands the programs of groups of system calls to those at the tracepoints, which call them: {@code group_entry_NAME} and
 * {@code group_exit_NAME} of bpf/trace.bpf.c. They are tables of programs that the loader fills, not libbpf, so that one that is not
 * loaded is no error.
 */
final class CallGroups {
    private static final String ENTRY = "group_entry_";
    private static final String EXIT = "group_exit_";

    private CallGroups() {
    }

    /** True for a program of a group: loaded, not attached. */
    static boolean isOne(BpfObject.Program program) {
        return program.name().startsWith(ENTRY) || program.name().startsWith(EXIT);
    }

    /** @param loaded which of the object's programs are loaded */
    static void fill(BpfObject object, Predicate<BpfObject.Program> loaded) {
        for (BpfObject.Program program : object.programs()) {
            if (isOne(program) && loaded.test(program)) {
                boolean entry = program.name().startsWith(ENTRY);
                String name = program.name().substring((entry ? ENTRY : EXIT).length());
                object.put(object.mapDescriptor(entry ? "entry_groups" : "exit_groups"),
                        CallGroup.valueOf(name.toUpperCase(Locale.ROOT)).ordinal(), object.descriptor(program));
            }
        }
    }
}
