// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import headwater.graph.PathProbe;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePathProbeTest {
    @TempDir
    Path folder;

    /** The encodings of sysmacros.h, and of the kernel (20 bits of minor). */
    @ParameterizedTest
    @CsvSource({"0, 0, 0", "8, 1, 0x801", "259, 5, 0x10305", "0, 256, 0x100000", "0, 0xfffff, 0xfff000ff", "0xfff, 0xff, 0xfffff"})
    void shouldTurnDeviceNumbersIntoTheKernelsOwn(String major, String minor, String stat) {
        assertEquals(Long.decode(major) << 20 | Long.decode(minor), FilePathProbe.kernelDevice(Long.decode(stat)));
    }

    @Test
    void shouldFindALinkAndNotWhatItNames() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        PathProbe.Found found = new FilePathProbe().find(link.toString().getBytes(StandardCharsets.UTF_8));
        assertNotNull(found);
        assertEquals((Long) Files.getAttribute(link, "unix:ino", java.nio.file.LinkOption.NOFOLLOW_LINKS), found.ino());
        assertEquals(0120000, found.mode() & 0170000);
    }

    @Test
    void shouldFindNothingWhereNothingIs() {
        assertNull(new FilePathProbe().find(folder.resolve("none").toString().getBytes(StandardCharsets.UTF_8)));
        assertNull(new FilePathProbe().find(new byte[] {'/', 0, 'x'}));
        assertNull(new FilePathProbe().find(new byte[] {'/', (byte) 0xff, (byte) 0xfe}));
    }
}
