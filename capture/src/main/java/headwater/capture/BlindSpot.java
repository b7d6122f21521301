// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.util.EnumSet;
import java.util.Set;

/**
 * What front-ends cannot see: the one list of it. {@code doctor} prints the sentences, and the coverage table has them with what
 * shows each: the system tests hold that what is named here is truly not seen, so a spot of which no front-end is blind any more
 * goes. What is counted when it happens, and makes a gap, is not here, but for what is counted always.
 */
public enum BlindSpot {
    OTHER_MEMORY(Topic.MEMORY, Of.TRACE,
            "before Linux 6.2: what ptrace, process_vm_readv and process_vm_writev take out of another"
            + " process or put there, as they name it by its number"),
    PROC_FILES(Topic.MEMORY, Of.ALL,
            "before Linux 6.2: what the files of /proc show of another process, its memory among it"),
    USERFAULTFD(Topic.MEMORY, Of.ALL,
            "before Linux 6.2: pages that userfaultfd puts into the memory of another process"),
    CORE_DUMPS(Topic.FILES, Of.TRACE,
            "core dumps, which the kernel itself writes"),
    EVENT_SETTINGS(Topic.KERNEL, Of.ALL,
            "what processes tell each other by setting a timer, an epoll or a watch that they share"),
    OTHER_SETTINGS(Topic.PROCESSES, Of.TRACE,
            "before Linux 6.2: limits, priority and processors that one process sets of another, named by its"
            + " number"),
    SHARED_SETTINGS(Topic.PROCESSES, Of.ALL,
            "what processes tell each other by the position, the locks, the owner (F_SETOWN) or the leases of"
            + " an open file that they share, by the address that a shared socket is bound to, or by the"
            + " priority of a group or user"),
    WATCHED_FILE_SYSTEMS(Topic.NAMES, Of.ALL,
            "names that fanotify tells of a whole mount or file system; and what a watch tells of files that"
            + " are opened, read or written"),
    RINGED_PACKETS(Topic.NETWORK, Of.ALL,
            "packets from other machines in a mapped ring of a packet socket; frames of AF_XDP sockets, and"
            + " what vhost and macvtap pass to and from a virtual machine"),
    OTHER_LINES(Topic.FILES, Of.ALL,
            "lines that go into an annotated log by io_uring, io_submit, splice, sendfile or a mapping, or to the"
            + " journal in a memfd: the flow is seen, what the line says is not"),
    BLOCK_DEVICES(Topic.FILES, Of.ALL,
            "which files lie on a block device that is read or written below its file system, loop"
            + " devices' images included"),
    ACCESS_CHECKS(Topic.NAMES, Of.LSM_AND_FEXIT,
            "what access(2), or that a call is refused, tells of a file's permissions"),
    LENT_MEMORY(Topic.URING, Of.ALL,
            "memory that one process registers with an io_uring and another one's requests use (they are"
            + " taken to use their own)"),
    FOREIGN_ABI(Topic.KERNEL, Of.TRACE,
            "32-bit system calls: counted, and reported as gaps"),
    INTERPRETER(Topic.FILES, Of.TRACE,
            "the program interpreter (ld.so), which the kernel itself maps at exec"),
    FORGED_PACKETS(Topic.NETWORK, Of.TRACE,
            "which socket takes the UDP datagram that a process made itself, by a raw or packet socket"),
    VIRTUAL_SOCKETS(Topic.NETWORK, Of.ALL,
            "to which other socket of this machine an AF_VSOCK socket sends"),
    NAMESPACE_DATAGRAMS(Topic.NETWORK, Of.ALL,
            "UDP between network namespaces of one machine, if packets are not recorded (--packets)"),
    CLAIMED_NAMES(Topic.NAMES, Of.TRACE,
            "rename, link, unlink and the like name files in the caller's words, not the kernel's; a path"
            + " below a mount that only the caller's mount namespace has (a private /tmp) is taken for the"
            + " machine's"),
    SKIPPED_PROGRAMS(Topic.KERNEL, Of.FEXIT,
            "operations at which the kernel skipped a program: counted, and reported as gaps"),
    MEMORY_TO_MEMORY(Topic.MEMORY, Of.ALL,
            "what a process copies from one shared mapping to another, until it next reads or writes"
            + " something by a call"),
    PRIVATE_MAPPINGS(Topic.MEMORY, Of.ALL,
            "what is written into a file after a process mapped it privately, and is found there by that"
            + " process"),
    OUTSIDE(Topic.MEMORY, Of.ALL,
            "under run: what comes by processes outside the recorded tree, those that share memory with"
            + " one inside it included"),
    SENDERS_OF_SIGNALS(Topic.PROCESSES, Of.ALL,
            "what made a terminal, a timer, a file (SIGIO) or the kernel send a signal, and signals that"
            + " a tracer injects"),
    STATUS_AT_A_TRACER(Topic.PROCESSES, Of.ALL,
            "how a process ended, at whoever waits for it and is not its parent"),
    SIZES_AND_TIMES(Topic.NAMES, Of.ALL,
            "what a file's size, blocks and times tell of writes"),
    EARLIER_ATTRIBUTES(Topic.NAMES, Of.ALL,
            "attributes that were set in an earlier session"),
    REUSED_DEVICES(Topic.FILES, Of.ALL,
            "that a file of a file system without a device (FUSE, btrfs, NFS) is another than the one of"
            + " the same number, after its device number was given to another file system"),
    SWAP(Topic.FILES, Of.ALL,
            "what the kernel swaps out: only swapon is recorded"),
    KERNEL_THREADS(Topic.KERNEL, Of.ALL,
            "what kernel threads do for others (the NFS server, loop devices)"),
    LATE_READS(Topic.FILES, Of.LSM_AND_FEXIT,
            "what a direct (O_DIRECT) asynchronous read brings after its call has returned: taken to be"
            + " there at the return"),
    LATE_COPIES(Topic.FILES, Of.ALL,
            "what arrives while a splice between pipes or a tee waits: recorded at its end, when it may"
            + " have been read"),
    SPLICED_RECEIVES(Topic.NETWORK, Of.ALL,
            "what waits in a receive by splice in a family of sockets that splices in its own way, and"
            + " zero-copy receives of io_uring"),
    CHANGED_DESCRIPTORS(Topic.PROCESSES, Of.ALL,
            "that another thread changes what a call is at work on (its descriptor, the list of"
            + " io_submit): one of the two is recorded"),
    FRAMES(Topic.NETWORK, Of.ALL,
            "frames between a packet socket and the sockets beyond another device than the loopback; what"
            + " comes by TCP from a TAP device behind a bridge; a TUN descriptor read by io_uring"),
    FOREIGN_FAMILIES(Topic.NETWORK, Of.ALL,
            "what is received in protocol families that a module adds"),
    FOREIGN_ABI_OBJECTS(Topic.KERNEL, Of.LSM_AND_FEXIT,
            "32-bit calls on POSIX queues and on keys of unusual types"),
    BPF_PROGRAMS(Topic.KERNEL, Of.ALL,
            "what BPF programs themselves put into maps or change; names of BPF objects; descriptions of"
            + " keys in /proc/keys"),
    HOST_NAME_FILES(Topic.KERNEL, Of.ALL,
            "that the host name in /proc/sys is the one of sethostname(2): two objects"),
    BULK_DESCRIPTORS(Topic.PROCESSES, Of.TRACE,
            "descriptors passed in the second or a later message of one recvmmsg(2)"),
    KERNEL_READS(Topic.KERNEL, Of.TRACE,
            "files that the kernel reads for itself where no call names them, such as firmware"),
    STAT_DEVICES(Topic.NAMES, Of.TRACE,
            "attributes asked for by path on overlayfs and btrfs, where stat tells another device number"
            + " than the kernel's"),
    EARLY_SIGHTS(Topic.NAMES, Of.TRACE,
            "who meets a new file, name, key or anonymous file before the call that makes it has ended"),
    SILENT_REQUESTS(Topic.URING, Of.TRACE,
            "attributes asked for, opens, accepts and connects of an io_uring whose success is not shown, the"
            + " sender of a datagram that a repeating request takes, names that it reads from a watch, and"
            + " options of sockets that it sets"),
    EARLIER_REQUESTS(Topic.URING, Of.TRACE,
            "what a repeating request of an io_uring brings that was submitted before the capture began");

    /** What a spot is about; in the order in which people read them. */
    public enum Topic {
        FILES("files"),
        NAMES("names and attributes"),
        MEMORY("memory"),
        PROCESSES("processes"),
        NETWORK("network"),
        URING("io_uring"),
        KERNEL("the kernel");

        private final String text;

        Topic(String text) {
            this.text = text;
        }

        /** A heading for people. */
        public String text() {
            return text;
        }
    }

    /** Which front-ends have a spot. */
    private enum Of {
        ALL(FrontEnd.LSM, FrontEnd.FEXIT, FrontEnd.TRACE),
        TRACE(FrontEnd.TRACE),
        LSM_AND_FEXIT(FrontEnd.LSM, FrontEnd.FEXIT),
        FEXIT(FrontEnd.FEXIT);

        private final Set<FrontEnd> frontEnds = EnumSet.noneOf(FrontEnd.class);

        Of(FrontEnd... frontEnds) {
            this.frontEnds.addAll(Set.of(frontEnds));
        }
    }

    private final Topic topic;
    private final Of of;
    private final String text;

    BlindSpot(Topic topic, Of of, String text) {
        this.topic = topic;
        this.of = of;
        this.text = text;
    }

    /** Under which heading it stands. */
    public Topic topic() {
        return topic;
    }

    /** The sentence that people read, without a full stop. */
    public String text() {
        return text;
    }

    boolean isOf(FrontEnd frontEnd) {
        return of.frontEnds.contains(frontEnd);
    }
}
