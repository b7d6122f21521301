// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

/**
 * What a recorder has done and used since it was started.
 *
 * @param events it calls so: records of the kernel, events of an audit log, lines
 * @param bytes of the log it has written
 * @param kept bytes that it takes on disk now, with what is there to answer from
 * @param cpu seconds of CPU, user and system, of all its processes
 */
record Usage(long events, long bytes, long kept, double cpu) {
    static final Usage NONE = new Usage(0, 0, 0, 0);

    /** What came after {@code before}; what is kept is that of both, as an index is made anew out of older ones meanwhile. */
    Usage since(Usage before) {
        return new Usage(events - before.events, bytes - before.bytes, kept, cpu - before.cpu);
    }
}
