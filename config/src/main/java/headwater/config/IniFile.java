// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A file in the dialect of inih, the reader that CamFlow uses, before anybody asks what the keys mean.
 *
 * @param headers the sections in the order of the file, one for each time that a header stands there
 * @param entries the values in the order of the file
 */
public record IniFile(List<Header> headers, List<IniEntry> entries) {
    /** The largest file that is read, in bytes: 255 paths in each list stay far below. */
    public static final int MAX_BYTES = 1 << 20;

    /**
     * A line that opens a section.
     *
     * @param line from 1
     */
    public record Header(RawText name, int line) {
    }

    public IniFile {
        headers = List.copyOf(headers);
        entries = List.copyOf(entries);
    }

    /**
     * The bytes of {@code file}, which may be a device or a pipe.
     *
     * @return at most {@link #MAX_BYTES} + 1 bytes; the parser refuses what has more than the former
     * @throws IOException if it cannot be read
     */
    public static byte[] bytesOf(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }
}
