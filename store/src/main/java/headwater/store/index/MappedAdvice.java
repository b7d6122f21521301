// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Tells the kernel that a mapped file is read here and there (madvise(2), MADV_RANDOM). Else it reads 128 KiB around each page that is
 * asked for, and where memory is short, these push out the pages that are needed next.
 */
final class MappedAdvice {
    private static final int MADV_RANDOM = 1;
    private static final MethodHandle MADVISE = find();

    private MappedAdvice() {
    }

    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find("madvise").map(address -> linker.downcallHandle(address, FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT))).orElse(null);
    }

    /** Advises for a whole mapping; without effect where the kernel does not take it. */
    static void random(MemorySegment mapped) {
        if (MADVISE != null && mapped.byteSize() > 0) {
            try {
                int ignored = (int) MADVISE.invokeExact(mapped, mapped.byteSize(), MADV_RANDOM);
            } catch (Throwable e) {
                throw new IllegalStateException("madvise cannot be called", e);
            }
        }
    }
}
