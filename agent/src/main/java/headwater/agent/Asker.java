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
 * @param command its arguments with blanks between; empty if they are not known
 */
record Asker(int pid, int uid, int gid, String command) {
    private static final int COMMAND_CHARS = 1024;

    /** The process that is at the other end, as the kernel says; what it calls itself is only told. */
    static Asker of(PeerSocket from) {
        PeerSocket.Peer peer = from.peer();
        String command = "";
        try {
            byte[] words = Files.readAllBytes(Path.of("/proc/" + peer.pid() + "/cmdline"));
            String text = new String(words, StandardCharsets.UTF_8).replace('\0', ' ').strip();
            command = text.substring(0, Math.min(COMMAND_CHARS, text.length()));
        } catch (IOException e) {
            // It has ended: that is told below.
        }
        // Alive still, so the number was its own while its command line was read.
        return from.peerLives() ? new Asker(peer.pid(), peer.uid(), peer.gid(), command) : new Asker(0, peer.uid(), peer.gid(), "");
    }

    /** The daemon itself: a signal, or its start. */
    static Asker self(String why) {
        return new Asker(0, 0, 0, why);
    }

    PolicyChange change(String what) {
        return new PolicyChange(what, pid, uid, gid, command);
    }
}
