// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

/**
 * What a front-end cannot see. {@code doctor} prints the sentence, and the coverage table refers to it; the system tests hold
 * that what is named here is truly not seen, so a spot goes from {@link FrontEnd#blindSpots()} when the front-end learns to see.
 */
public enum BlindSpot {
    OTHER_MEMORY("before Linux 6.2: what ptrace, process_vm_readv and process_vm_writev take out of another process or put there,"
            + " as they name it by its number"),
    PROC_FILES("before Linux 6.2: what the files of /proc show of another process, its memory among it"),
    USERFAULTFD("before Linux 6.2: pages that userfaultfd puts into the memory of another process"),
    CORE_DUMPS("core dumps, which the kernel itself writes"),
    OTHER_SETTINGS("before Linux 6.2: limits, priority and processors that one process sets of another, named by its number"),
    EVENT_SETTINGS("what processes tell each other by setting a timer, an epoll or a watch that they share"),
    SHARED_SETTINGS("what processes tell each other by the position, the locks, the owner (F_SETOWN) or the leases of an open file"
            + " that they share, by the address that a shared socket is bound to, or by the priority of a group or user"),
    WATCHED_FILE_SYSTEMS("names that fanotify tells of a whole mount or file system; and what a watch tells of files that are opened,"
            + " read or written"),
    BLOCK_DEVICES("which files lie on a block device that is read or written below its file system, loop devices' images included"),
    ACCESS_CHECKS("what access(2), or that a call is refused, tells of a file's permissions"),
    LENT_MEMORY("memory that one process registers with an io_uring and another one's requests use"
            + " (they are taken to use their own)"),
    FOREIGN_ABI("32-bit system calls: counted, and reported as gaps"),
    INTERPRETER("the program interpreter (ld.so), which the kernel itself maps at exec"),
    FORGED_PACKETS("which socket takes the UDP datagram that a process made itself, by a raw or packet socket"),
    VIRTUAL_SOCKETS("to which other socket of this machine an AF_VSOCK socket sends; frames of AF_XDP sockets, of vhost and of"
            + " macvtap; packets from other machines in a mapped ring of a packet socket"),
    NAMESPACE_DATAGRAMS("UDP between network namespaces of one machine, if packets are not recorded (--packets)"),
    CLAIMED_NAMES("rename, link, unlink and the like name files in the caller's words, not the kernel's; a path in"
            + " a container's own root is taken for the machine's"),
    SKIPPED_PROGRAMS("operations at which the kernel skipped a program: counted, and reported as gaps"),
    MEMORY_TO_MEMORY("what a process copies from one shared mapping to another, until it next reads or writes something by a call"),
    PRIVATE_MAPPINGS("what is written into a file after a process mapped it privately, and is found there by that process");

    private final String text;

    BlindSpot(String text) {
        this.text = text;
    }

    /** The sentence that people read, without a full stop. */
    public String text() {
        return text;
    }
}
