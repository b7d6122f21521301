// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** What share of the CPUs a thread gets where there are more threads than CPUs (setpriority(2)). Java's own priorities do nothing on Linux. */
final class ThreadPriority {
    private static final int PRIO_PROCESS = 0;
    /** Gets a tenth of what others get. */
    private static final int NICE = 10;
    private static final MethodHandle SET_PRIORITY = find();

    private ThreadPriority() {
    }

    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find("setpriority").map(address -> linker.downcallHandle(address, FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT))).orElse(null);
    }

    /** The calling thread, a platform thread, gives way to others from now on. Without effect where it cannot be. */
    static void lower() {
        if (SET_PRIORITY != null) {
            try {
                // On Linux, "process" 0 is the calling thread alone.
                int ignored = (int) SET_PRIORITY.invokeExact(PRIO_PROCESS, 0, NICE);
            } catch (Throwable e) {
                throw new IllegalStateException("setpriority cannot be called", e);
            }
        }
    }
}
