// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

/**
 * What a front-end cannot see. {@code doctor} prints the sentence, and the coverage table refers to it; the system tests hold
 * that what is named here is truly not seen, so a spot goes from {@link FrontEnd#blindSpots()} when the front-end learns to see.
 */
public enum BlindSpot {
    ANONYMOUS_MEMORY("loads and stores on anonymous memory shared between processes"
            + " (files mapped shared are taken to be read and written)"),
    MESSAGE_QUEUES("message queues, of System V and of POSIX"),
    SYSV_MEMORY("System V shared memory"),
    PTRACE("what ptrace reads from another process and writes into it"),
    PROCESS_VM("process_vm_readv and process_vm_writev"),
    PASSED_DESCRIPTORS("descriptors passed through UNIX sockets (what is read and written through them is seen)"),
    STATUS_AND_SIGNALS("what a process tells another by its exit status or a signal"),
    INODE_ATTRIBUTES("what is kept in a file's attributes, extended or not, or in its name"),
    KEYS("what is kept in the kernel's key rings"),
    IO_URING("io_uring: its reads and writes are no system calls"),
    FOREIGN_ABI("32-bit system calls: counted, and reported as gaps"),
    INTERPRETER("the program interpreter (ld.so), which the kernel itself maps at exec"),
    FORGED_PACKETS("which socket takes the UDP datagram that a process made itself, by a raw or packet socket"),
    VIRTUAL_SOCKETS("to which other socket of this machine an AF_VSOCK socket sends"),
    NAMESPACE_DATAGRAMS("UDP between network namespaces of one machine, if packets are not recorded (--packets)"),
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
