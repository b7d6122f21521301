// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.PeerSocket;
import headwater.graph.PolicyChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Who asks the daemon for a change.
 *
 * @param pid 0 if no process did, or it has ended
 * @param command its arguments with blanks between, the middle left out of a very long one; empty if they are not known
 */
record Asker(int pid, int uid, int gid, String command) {
    private static final int MAX_COMMAND_CHARS = 4096;
    private static final int HEAD_CHARS = 1024;
    private static final String LEFT_OUT = " … ";

    /** The process that is at the other end, as the kernel says; what it calls itself is only told. */
    static Asker of(PeerSocket from) {
        PeerSocket.Peer peer = from.peer();
        String command = "";
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc/" + peer.pid() + "/cmdline"));
            command = bounded(new String(words, StandardCharsets.UTF_8).replace('\0', ' ').strip());
        } catch (IOException e) {
            // It has ended: that is told below.
        }
        // Alive still, so the number was its own while its command line was read.
        return from.peerLives() ? new Asker(peer.pid(), peer.uid(), peer.gid(), command) : new Asker(0, peer.uid(), peer.gid(), "");
    }

    /** Which program it is stands at the beginning, what it was to do at the end. */
    static String bounded(String command) {
        if (command.length() <= MAX_COMMAND_CHARS) {
            return command;
        }
        int tail = MAX_COMMAND_CHARS - HEAD_CHARS - LEFT_OUT.length();
        return command.substring(0, HEAD_CHARS) + LEFT_OUT + command.substring(command.length() - tail);
    }

    /** The daemon itself: a signal, or its start. */
    static Asker self(String why) {
        return new Asker(0, 0, 0, why);
    }

    PolicyChange change(String what) {
        return new PolicyChange(what, pid, uid, gid, command);
    }
}
