// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

/**
 * What a recorder has done and used since it was started.
 *
 * @param events it calls so: records of the kernel, events of an audit log, lines
 * @param bytes it has written
 * @param cpu seconds of CPU, user and system, of all its processes
 */
record Usage(long events, long bytes, double cpu) {
    static final Usage NONE = new Usage(0, 0, 0);

    /** What came after {@code before}. */
    Usage since(Usage before) {
        return new Usage(events - before.events, bytes - before.bytes, cpu - before.cpu);
    }
}
