// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * The folder of the machine's sockets, {@code /run/headwater}. Programs trust who listens there, so nobody but root may be able to put
 * anything into it.
 */
final class RunFolder {
    static final Path PATH = Path.of("/run/headwater");

    private static final int ROOT = 0;
    private static final Set<PosixFilePermission> MODE = PosixFilePermissions.fromString("rwxr-xr-x");

    private RunFolder() {
    }

    /**
     * Makes the folder that a socket lies in, if it is not there. That of the machine's sockets must be fit for them; any other is the
     * choice of who named it.
     *
     * @throws IOException if it cannot be made, or is not fit
     */
    static void of(Path socket) throws IOException {
        Path folder = socket.toAbsolutePath().normalize().getParent();
        if (folder.equals(PATH)) {
            make(folder, ROOT);
        } else if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(MODE));
        }
    }

    /**
     * Makes it, whatever the umask, or looks at what is there.
     *
     * @param owner the user who has to own it
     * @throws IOException if it cannot be made, or is something else than a folder that only its owner can write to
     */
    static void make(Path folder, int owner) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(MODE));
            Files.setPosixFilePermissions(folder, MODE);
        }
        Map<String, Object> found = Files.readAttributes(folder, "unix:uid,mode,isDirectory", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) found.get("mode");
        if (!(boolean) found.get("isDirectory")) {
            throw new IOException("not a folder, or a symbolic link: path=" + folder + "; remove it, and it is made anew");
        }
        if ((int) found.get("uid") != owner || (mode & 022) != 0) {
            throw new IOException(String.format("others than user %d can write to the folder of the sockets: path=%s, owner=%d, mode=%04o;"
                    + " look who made it, then remove it, and it is made anew", owner, folder, found.get("uid"), mode & 07777));
        }
    }
}
