// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.kernel.Libc;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The way out of a running daemon's record: a file in its store. A process that opens it <em>for writing</em> is
 * opaque from then on, with all that it forks and executes, and the record says that it left. So Headwater's own command
 * line does not stand in the record that it asks. Who may leave is for the file's permissions to say: its owner only.
 *
 * <p>Reading it does nothing; a backup or a search reads whatever it finds. Without a daemon the file means nothing.
 */
public final class OpaqueFile implements AutoCloseable {
    private static final String NAME = "opaque";
    private static final String SAYS = "While Headwater records into this store, a process that opens this file for "
            + "writing leaves the record, with all that it starts; the record says so.\n";

    private final int descriptor;

    private OpaqueFile(int descriptor) {
        this.descriptor = descriptor;
    }

    static Path of(Path store) {
        return store.resolve(NAME);
    }

    /**
     * Makes the file, a new one even if there is one: whoever could open that, by its permissions or by another name,
     * cannot open this.
     *
     * @param store a store whose lock this process holds
     * @throws IOException if it cannot be made
     * @throws headwater.capture.kernel.KernelException if it cannot be opened
     */
    static OpaqueFile create(Path store) throws IOException {
        Path fresh = store.resolve(NAME + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, SAYS, StandardCharsets.US_ASCII);
        Files.move(fresh, of(store), StandardCopyOption.ATOMIC_MOVE);
        return new OpaqueFile(Libc.open(of(store).toString()));
    }

    /** Held open, so that its inode's number is not given to another file while the kernel side knows it. */
    int descriptor() {
        return descriptor;
    }

    /** This process leaves the record of the daemon that records into {@code store}, if there is one and it may. */
    public static void enter(Path store) {
        Path file = of(store);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            FileChannel.open(file, StandardOpenOption.WRITE).close();
        } catch (IOException e) {
            // Not the owner: recorded like everyone.
            return;
        }
    }

    @Override
    public void close() {
        Libc.close(descriptor);
    }
}
