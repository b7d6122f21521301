// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import headwater.model.Relation;
import java.util.List;

/** Bytes from one process to another of the same machine: pipes, UNIX sockets, queues, shared memory, terminals. */
final class IpcChannels {
    private IpcChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                joined("pipe", "pipe(2)", "written, then read"),
                joined("pipe-blocked", "pipe(2), a reader that waits", "the read begins before the writer has the bytes"),
                joined("splice-blocked", "splice(2) out of a pipe, a reader that waits", "the reader sleeps in splice(2)"),
                joined("socketpair", "socketpair(2), SOCK_STREAM", "written, then read"),
                joined("socketpair-blocked", "socketpair(2), a reader that waits", "the read begins before the write"),
                joined("socketpair-datagram", "socketpair(2), SOCK_DGRAM", "one datagram"),
                joined("unix-stream", "AF_UNIX, SOCK_STREAM", "a server that has accepted"),
                joined("unix-stream-before-accept", "AF_UNIX, sent before accept(2)", "the client has ended when it is accepted"),
                joined("unix-abstract", "AF_UNIX, abstract name", "a name that is no file"),
                joined("unix-datagram", "AF_UNIX, SOCK_DGRAM, connected", "connect(2), send(2)"),
                joined("unix-datagram-unconnected", "AF_UNIX, SOCK_DGRAM, sendto(2)", "the address in each call"),
                NetworkChannels.apart("families", "unix-datagram-abstract", "AF_UNIX, SOCK_DGRAM, abstract name",
                        "the address in each call"),
                NetworkChannels.apart("families", "unix-messages", "AF_UNIX, sendmmsg(2), recvmmsg(2)",
                        "the secret is in the second message"),
                NetworkChannels.apart("families", "unix-elsewhere", "AF_UNIX, SOCK_DGRAM, connected, sendto(2)",
                        "to another socket than the one it is connected to").notFrom("aside", "source", "other"),
                NetworkChannels.apart("families", "unix-closed", "AF_UNIX, SOCK_DGRAM, a closed sender",
                        "later sockets, which may lie where it lay, have nothing of it").notFrom("aside", "source", "other"),
                NetworkChannels.apart("families", "unix-sequenced", "AF_UNIX, SOCK_SEQPACKET", "sent before accept(2)"),
                NetworkChannels.apart("families", "unix-sequenced-pair", "socketpair(2), SOCK_SEQPACKET", "one record"),
                NetworkChannels.apart("families", "netlink", "AF_NETLINK, NETLINK_USERSOCK",
                        "from one process to the number of another"),
                NetworkChannels.apart("families", "netlink-group", "AF_NETLINK, a group", "to all who listen"),
                NetworkChannels.apart("families", "cipher", "AF_ALG, skcipher",
                        "enciphered by the kernel for one process, read by another"),
                NetworkChannels.apart("families", "vsock", "AF_VSOCK, VMADDR_CID_LOCAL", "the client has ended when it is accepted")
                        .unseen(BlindSpot.VIRTUAL_SOCKETS, "sink comes from source", "second/sink comes from other"),
                Scenario.of("fifo", "mkfifo(3)", "a pipe with a name", """
                        mkfifo fifo
                        cat source >fifo &
                        cat fifo >sink
                        wait
                        """).from("sink", "source"),
                Scenario.of("terminal", "a pseudo-terminal", "written on one end, read on the other", """
                        cat other >aside
                        script -q -c 'cat aside' second </dev/null >/dev/null
                        script -q -c 'cat source' sink </dev/null >/dev/null
                        """).from("sink", "source").notFrom("sink", "other", "aside").from("second", "other"),
                Scenario.of("pipeline", "a shell's pipeline", "four processes, three pipes", """
                        cat other >aside
                        cat source | tr a-z A-Z | sort | cat >sink
                        """).from("sink", "source").notFrom("sink", "other"),
                shared("anonymous-memory", "mmap(2), MAP_SHARED and MAP_ANONYMOUS", "stored by a child, loaded by its parent"),
                process("sharing", "siblings", "mmap(2), MAP_SHARED and MAP_ANONYMOUS, siblings",
                        "stored by one child, loaded by another that was there before"),
                Scenario.of("process-mapped-later", "mmap(2), MAP_SHARED and MAP_ANONYMOUS, after a fork",
                        "mapped when the other was there already: nothing gets to it", """
                        sharing mapped-later source sink
                        """).notFrom("sink", "source"),
                process("sharing", "many-mappings", "mmap(2), MAP_SHARED, forty files", "stored into the last of them"),
                process("cloned", "clone-memory", "clone(2), CLONE_VM", "a child reads into the memory of both"),
                process("cloned", "clone-memory-back", "clone(2), CLONE_VM, the child writes",
                        "its parent reads into the memory of both"),
                process("cloned", "clone-mapped", "clone(2), CLONE_VM, mmap(2) by the child",
                        "its parent stores into what the child has mapped"),
                process("cloned", "vfork-mapped", "vfork(2), mmap(2) by the child",
                        "its parent stores into what the child has mapped"),
                process("sharing", "shared-size", "mmap(2), MAP_SHARED, ftruncate(2)",
                        "a file's size is what another stored"),
                process("sharing", "shared-creation", "mmap(2), MAP_SHARED, O_CREAT",
                        "a file is made for what another stored"),
                process("sharing", "shared-exec", "mmap(2), MAP_SHARED, execve(2)",
                        "what another stored is an argument of the next program"),
                process("sharing", "shared-exec-thread", "mmap(2), MAP_SHARED, execve(2) by another thread",
                        "what another stored is an argument of the next program"),
                shared("sysv-memory", "shmget(2), shmat(2)", "stored by a child, loaded by its parent"),
                process("sharing", "segment", "shmget(2), shmat(2), by key",
                        "two children attach it, the second for reading"),
                shared("posix-memory", "shm_open(3)", "a file of tmpfs, mapped by both"),
                shared("sysv-queue", "msgsnd(2), msgrcv(2)", "one message"),
                shared("posix-queue", "mq_send(3), mq_receive(3)", "one message"),
                shared("signal", "sigqueue(3)", "the value that comes with a signal"),
                Scenario.of("process-kill", "kill(2)", "that a signal came tells what its sender has read", """
                        tell kill source sink
                        """).told("sink", "source", Relation.SIGNAL),
                shared("scm-rights", "SCM_RIGHTS", "a child opens the source and passes the descriptor; its parent reads")
                        .expect("the passing is recorded", graph -> graph.assertRelation("sink", Relation.FILE_RCV)));
    }

    /** Two transfers of the same kind at once: each sink has its own source only. */
    static Scenario joined(String mode, String channel, String description) {
        return Scenario.of("conduit-" + mode, channel, description, """
                mkdir second
                (cd second; exec conduit %1$s ../other sink) &
                conduit %1$s source sink
                wait $!
                """.formatted(mode)).from("sink", "source").notFrom("sink", "other")
                .from("second/sink", "other").notFrom("second/sink", "source");
    }

    /** One process reads the source, another writes the sink, and only the tester's channel joins them. */
    static Scenario process(String tester, String mode, String channel, String description) {
        return Scenario.of("process-" + mode, channel, description, """
                sharing copy other aside
                %s %s source sink
                """.formatted(tester, mode)).from("sink", "source").notFrom("sink", "other", "aside");
    }

    /** A child reads the source, its parent writes the sink, and only the tester {@code memory}'s channel joins them. */
    private static Scenario shared(String mode, String channel, String description) {
        return Scenario.of(mode, channel, description, "memory " + mode + " source sink\n").from("sink", "source");
    }
}
