// SPDX-License-Identifier: Apache-2.0
package headwater.record;

/** The groups of system calls that {@code trace} has a program each for, by number: {@code enum group} of bpf/syscalls.h. */
public enum CallGroup {
    /** Those that the program at the tracepoint handles itself. */
    FREQUENT,
    COPIES,
    SOCKETS,
    DIRECTORIES,
    TASKS,
    IPC,
    KERNEL,
    ATTRIBUTES,
    CONTROLS,
    URING,
    PROCESSES,
    /** What a frequent call leaves to another program. */
    REST,
    MESSAGES,
    AIO,
    LINES
}
