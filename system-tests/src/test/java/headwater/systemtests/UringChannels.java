// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;
import java.util.stream.Stream;

/** What io_uring does for a process: no system call names the file, and a thread of the kernel's may do the work. */
final class UringChannels {
    private UringChannels() {
    }

    static List<Scenario> all() {
        return Stream.of(requests(), chains(), files(), attributes(), rings(), sockets()).flatMap(List::stream).toList();
    }

    /** One request after the other, in all the ways to do one. */
    private static List<Scenario> requests() {
        return List.of(
                moved("read-write", "IORING_OP_READ, IORING_OP_WRITE", "file to memory, memory to file"),
                moved("worker", "IORING_OP_READ, IORING_OP_WRITE, IOSQE_ASYNC", "the same by a worker thread of the kernel"),
                moved("polled", "IORING_OP_READ, IORING_OP_WRITE, IORING_SETUP_SQPOLL",
                        "the same by the thread that polls the submission queue"),
                moved("vectors", "IORING_OP_READV, IORING_OP_WRITEV", "in parts"),
                moved("registered", "IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED, IORING_REGISTER_FILES",
                        "files and memory that are registered with the ring, their descriptors closed"),
                moved("repeated", "IORING_OP_READ_MULTISHOT",
                        "one request, a completion for each time that the pipe has something, in memory that the ring chooses")
                        .notOn(Kernel.V6_1, "no IORING_OP_READ_MULTISHOT before 6.7"));
    }

    /** Several requests submitted at once. */
    private static List<Scenario> chains() {
        return List.of(
                moved("linked", "IOSQE_IO_LINK", "a read, and a write to be done after it"),
                moved("linked-registered", "IOSQE_IO_LINK, registered files", "the same with files of the ring's own"),
                moved("waiting", "IOSQE_IO_LINK, a pipe", "the read waits at a pipe that another process fills"),
                moved("unsaid", "IOSQE_CQE_SKIP_SUCCESS", "the read completes without saying so"),
                moved("drained", "IOSQE_IO_DRAIN", "the write waits for all that was submitted before it"),
                moved("unlinked", "one call, several requests", "nothing links read and write, but the read is done at once"));
    }

    private static List<Scenario> files() {
        return List.of(
                moved("opened", "IORING_OP_OPENAT, IORING_OP_OPENAT2, IORING_OP_CLOSE",
                        "files that the ring opens and closes"),
                Scenario.of("uring-emptied", "IORING_OP_OPENAT, O_TRUNC", "that a file was emptied tells what a process has read", """
                        cat other >sink
                        uring emptied source sink
                        """).from("sink", "source", "other"),
                moved("direct", "IORING_OP_OPENAT, direct descriptors",
                        "opened into the ring's own table, used and closed there"),
                moved("spliced", "IORING_OP_SPLICE", "file to pipe, pipe to file"),
                moved("teed", "IORING_OP_TEE", "pipe to pipe on the way"),
                moved("names", "IORING_OP_RENAMEAT, LINKAT, SYMLINKAT, UNLINKAT, MKDIRAT",
                        "the sink is made under another name, moved, linked, and its first name removed"));
    }

    /** As {@link AttributeChannels}: who asks for an attribute must not depend on who wrote the bytes. */
    private static List<Scenario> attributes() {
        return List.of(
                told("setxattr", "uring_attributes setxattr", "uring_attributes getxattr", "IORING_OP_SETXATTR, IORING_OP_GETXATTR"),
                told("fsetxattr", "uring_attributes fsetxattr", "uring_attributes fgetxattr",
                        "IORING_OP_FSETXATTR, IORING_OP_FGETXATTR"),
                told("setxattr-together", "uring_attributes together", "attributes getxattr",
                        "IORING_OP_READ and IORING_OP_SETXATTR in one call"),
                told("statx", "attributes chmod", "uring_attributes statx", "chmod(2), IORING_OP_STATX"));
    }

    private static Scenario told(String name, String change, String ask, String channel) {
        return Scenario.of("uring-" + name, channel, "one process sets an attribute, another asks for it",
                "cat other >middle\n: >plain\n" + change + " source middle\n" + ask + " middle sink\nattributes stat plain third\n")
                .from("sink", "source").notFrom("sink", "other").notFrom("third", "source", "other");
    }

    /** Rings of several processes. */
    private static List<Scenario> rings() {
        return List.of(
                moved("inherited", "one ring, two processes", "a child submits to its parent's ring; who submits acts")
                        .notFrom("sink", "other"),
                of("message", "IORING_OP_MSG_RING", "eight bytes as a completion of another process's ring")
                        .from("sink", "source"),
                of("passed", "IORING_OP_MSG_RING, IORING_MSG_SEND_FD", "a file into the table of another process's ring")
                        .from("sink", "source"),
                of("lent", "IORING_REGISTER_BUFFERS, one ring, two processes",
                        "a child's request writes from memory that its parent has registered")
                        .from("sink", "source").unseen(BlindSpot.LENT_MEMORY));
    }

    private static List<Scenario> sockets() {
        return List.of(
                of("sent", "IORING_OP_CONNECT, ACCEPT, SEND, RECV", "TCP on this machine").from("sink", "source"),
                of("sent-without-copy", "IORING_OP_SEND_ZC", "TCP, from the sender's own memory").from("sink", "source"),
                of("messages", "IORING_OP_SENDMSG, IORING_OP_RECVMSG", "UDP, to an address that the message names")
                        .from("sink", "source"),
                of("received-repeatedly", "IORING_ACCEPT_MULTISHOT, IORING_RECV_MULTISHOT",
                        "one request for all connections, one for all that comes").from("sink", "source"),
                of("direct-sockets", "IORING_OP_ACCEPT, direct descriptors, IORING_SETUP_SQPOLL",
                        "accepted into the ring's own table, received by the polling thread").from("sink", "source"));
    }

    /** One process moves source to sink with a mode of the tester {@code uring}. */
    private static Scenario moved(String mode, String channel, String description) {
        return Scenario.of("uring-" + mode, channel, description, "uring " + mode + " source sink other\n")
                .from("sink", "source");
    }

    /** Two processes do, with a mode of the tester {@code uring_rings}. */
    private static Scenario of(String mode, String channel, String description) {
        return Scenario.of("uring-" + mode, channel, description, "uring_rings " + mode + " source sink\n");
    }
}
