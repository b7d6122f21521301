// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/**
 * Ids of objects and of states, as the kernel side hands them out: {@code CPU << 48 | n}, n counting from 1 on each CPU.
 */
public final class KernelId {
    private static final long NUMBER = (1L << 48) - 1;

    private KernelId() {
    }

    /** The CPU that handed the id out. */
    public static int cpu(long id) {
        return (int) (id >>> 48);
    }

    /** The how-manieth of its CPU it is, from 1; 0 is no id. */
    public static long number(long id) {
        return id & NUMBER;
    }

    /** For people: {@code cpu.number}. */
    public static String text(long id) {
        return cpu(id) + "." + number(id);
    }
}
