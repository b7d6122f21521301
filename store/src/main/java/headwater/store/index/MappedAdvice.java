// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/** Tells the kernel what is done with a mapped file (madvise(2)). */
final class MappedAdvice {
    private static final int MADV_RANDOM = 1;
    /* Linux 5.14 */
    private static final int MADV_POPULATE_WRITE = 23;
    private static final MethodHandle MADVISE = find();

    private MappedAdvice() {
    }

    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.defaultLookup().find("madvise").map(address -> linker.downcallHandle(address, FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT))).orElse(null);
    }

    /**
     * The mapping is read here and there. Else the kernel reads 128 KiB around each page that is asked for, and where memory is short,
     * these push out the pages that are needed next. Without effect where it does not take it.
     */
    static void random(MemorySegment mapped) {
        advise(mapped, MADV_RANDOM);
    }

    /**
     * Gives a part of a shared mapping its pages, and room on the disk, as storing to each would.
     *
     * @param mapped begins at a page
     * @return false if the kernel does not know how to, or there is no room; then some may have it, and some not
     */
    static boolean populate(MemorySegment mapped) {
        return advise(mapped, MADV_POPULATE_WRITE);
    }

    private static boolean advise(MemorySegment mapped, int advice) {
        if (MADVISE == null || mapped.byteSize() == 0) {
            return false;
        }
        try {
            return (int) MADVISE.invokeExact(mapped, mapped.byteSize(), advice) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("madvise cannot be called", e);
        }
    }
}
