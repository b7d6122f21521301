// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.util.UUID;

/**
 * The marks of a file.
 *
 * @param file which
 * @param fileSystem the UUID of its file system, null if it has none
 * @param fileSystemType such as {@code ext4}
 * @param marks what it bears
 */
public record FileMarks(FileId file, UUID fileSystem, String fileSystemType, Marks marks) {
}
