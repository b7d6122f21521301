// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.List;

/**
 * Channels one behind the other: bytes that go from process to process, each time by another way. Two chains of the same channels
 * run at once, from {@code source} to {@code sink} and from {@code other} to {@code second}. {@link CompositionsTest} runs chains
 * that nobody chose.
 */
final class CompositionChannels {
    private CompositionChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                chain("compose-container", "file, mmap(2), SCM_RIGHTS, io_uring, AF_UNIX, a container's file",
                        "into a container by a socket in a folder that both sides see",
                        "mmap-private scm-rights+ uring-unix+ container-socket"),
                chain("compose-memory", "System V memory, CLONE_VM, mmap(2), execve(2), shm_open(3)",
                        "from memory to memory, with a change of program on the way",
                        "sysv-memory clone-memory mmap-both exec-kept-file posix-memory"),
                chain("compose-names", "a file's name, a link's target, an argument, an extended attribute, O_TMPFILE",
                        "the bytes are never in a file, but at the end",
                        "file-name symlink-target exec-argument xattr tmpfile"),
                chain("compose-network", "TCP and UDP on IPv4 and IPv6, io_uring, TCP in a network namespace, AF_UNIX",
                        "from socket to socket, receivers that wait among them",
                        "tcp4+ udp6 tcp6 uring-tcp+ container-tcp unix-datagram-abstract"),
                chain("compose-copies", "splice(2), tee(2), sendfile(2), copy_file_range(2), a copy-up, rename(2), IOSQE_IO_LINK",
                        "copies that the kernel makes",
                        "splice-tee sendfile copy-file-range overlay rename-over uring-link"),
                chain("compose-kernel", "msgsnd(2), mq_send(3), a key, a BPF map, a pseudo-terminal, eventfd(2)",
                        "left with the kernel by one process, taken by the next",
                        "sysv-queue+ posix-queue key bpf-map terminal+ eventfd"),
                chain("compose-containers", "a bind mount, and four containers one behind the other",
                        "their segments, queues, ports and abstract names are the same in both chains",
                        "bind-mount container-segment container-abstract container-udp container-queue"),
                chain("compose-mapped", "from a shared mapping to a shared mapping", "loaded and stored by a process that makes no call",
                        "mmap-filled mmap-both").unseen(BlindSpot.MEMORY_TO_MEMORY),
                chain("compose-mapped-privately", "mmap(2), MAP_PRIVATE, made before", "loaded from a page after another process wrote the file",
                        "mmap-private-before").unseen(BlindSpot.PRIVATE_MAPPINGS),
                chain("compose-mapped-later", "from a shared mapping to one that is made then", "loaded, then mapped or attached, and stored",
                        "mmap-filled sysv-memory sysv-memory-before posix-memory mmap-filled file-name"),
                chain("compose-host-name", "sethostname(2), clone(2), unshare(2), uname(2)",
                        "a new UTS namespace begins with the name of the one before",
                        "container-host-name-cloned container-host-name-unshared"));
    }

    private static Scenario chain(String name, String channel, String description, String stages) {
        return Scenario.of(name, channel, description, "compose source sink other second " + stages + "\n")
                .from("sink", "source").notFrom("sink", "other")
                .from("second", "other").notFrom("second", "source");
    }
}
