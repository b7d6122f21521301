// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PathTextTest {
    private static String components(String text, boolean rooted) {
        MemorySegment segment = MemorySegment.ofArray(("xx" + text).getBytes(StandardCharsets.ISO_8859_1));
        return PathText.ofComponents(segment, 2, text.length(), rooted);
    }

    @Test
    void turnsComponentsRound() {
        assertEquals("/a/bb/c", components("c\0bb\0a\0", true));
        assertEquals("/", components("", true));
        assertEquals("", components("", false));
        assertEquals("", components("\0", false));
        assertEquals("memfd:x", components("memfd:x\0", false));
        assertEquals("a/\u00ff", components("\u00ff\0a\0", false));
        assertEquals("/a/cut", components("cut\0a", true));
    }

    @Test
    void resolvesAgainstADirectory() {
        assertEquals("/a/c", PathText.resolve("/a/b", "../c"));
        assertEquals("/c", PathText.resolve("", "/c"));
        assertEquals("/c", PathText.resolve("/", "/c"));
        assertEquals("/c", PathText.resolve("/", "../../c/"));
        assertEquals("/a/b", PathText.resolve("/a", ".//./b/"));
        assertEquals("/", PathText.resolve("", ""));
        assertEquals("/a/..c/...", PathText.resolve("/a", "..c/..."));
    }

    @Test
    void keepsAnAbsolutePathBelowTheCallersRoot() {
        assertEquals("/jail/c", PathText.resolve("/jail", "/c"));
        assertEquals("/jail/c", PathText.resolve("/jail", "/../../c"));
        assertEquals("/jail", PathText.resolve("/jail", "/"));
    }
}
