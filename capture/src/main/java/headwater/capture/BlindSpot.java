// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

/**
 * What a front-end cannot see. {@code doctor} prints the sentence, and the coverage table refers to it; the system tests hold
 * that what is named here is truly not seen, so a spot goes from {@link FrontEnd#blindSpots()} when the front-end learns to see.
 */
public enum BlindSpot {
    MESSAGE_QUEUES("message queues, of System V and of POSIX"),
    OTHER_MEMORY("before Linux 6.2: what ptrace, process_vm_readv and process_vm_writev take out of another process or put there,"
            + " as they name it by its number"),
    PROC_FILES("before Linux 6.2: what the files of /proc show of another process, its memory among it"),
    USERFAULTFD("pages that userfaultfd puts into the memory of another process"),
    CORE_DUMPS("core dumps, which the kernel itself writes"),
    INODE_ATTRIBUTES("what is kept in a file's attributes, extended or not, or in its name"),
    KEYS("what is kept in the kernel's key rings"),
    IO_URING("io_uring: its reads and writes are no system calls"),
    FOREIGN_ABI("32-bit system calls: counted, and reported as gaps"),
    INTERPRETER("the program interpreter (ld.so), which the kernel itself maps at exec"),
    FURTHER_MESSAGES("all but the first address of sendmmsg and recvmmsg"),
    DATAGRAM_PATHS("to which UNIX socket an unconnected datagram goes: its path is resolved by the kernel alone"),
    CLAIMED_NAMES("rename, link, unlink and the like name files in the caller's words, not the kernel's");

    private final String text;

    BlindSpot(String text) {
        this.text = text;
    }

    /** The sentence that people read, without a full stop. */
    public String text() {
        return text;
    }
}
