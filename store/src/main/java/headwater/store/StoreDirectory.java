// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * The layout of a store on disk.
 *
 * <pre>
 * LOCK                  held by the writer; says who that is
 * log/00000001.hwlog …  the log: the truth
 * log/00000001.tail-…   what a crash left behind the last whole block, put aside
 * log/dropped           signed statements of what retention dropped from the beginning; absent if nothing was
 * log/00000042.hwcarried  what is still known of that
 * index/                derived from the log; may be deleted at any time
 * marks                 the marks of files, which outlive a boot; absent if there are none
 * outputs/….position     how far each output has got; without it, it begins anew
 * recorders/….position   the same of recorders
 * </pre>
 *
 * All of it can be read by the owner only, for it tells what everyone on the machine did.
 */
record StoreDirectory(Path path) {
    static final String LOCK = "LOCK";

    Path log() {
        return path.resolve("log");
    }

    Path index() {
        return path.resolve("index");
    }

    /** Makes what is missing, for the owner only, and returns the directory by its real path. */
    static StoreDirectory create(Path path) throws IOException {
        FileAttribute<Set<PosixFilePermission>> ownerOnly =
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
        Files.createDirectories(path, ownerOnly);
        StoreDirectory directory = new StoreDirectory(path.toRealPath());
        for (Path part : new Path[] {directory.log(), directory.index()}) {
            if (!Files.isDirectory(part)) {
                Files.createDirectory(part, ownerOnly);
            }
        }
        sync(directory.path());
        sync(directory.path().getParent());
        return directory;
    }

    /** Makes the names in a directory durable; null, the parent of the root, has none. */
    private static void sync(Path path) throws IOException {
        if (path != null) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }
}
