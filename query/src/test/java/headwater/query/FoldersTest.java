// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Names counted by folder: each is counted once, in a folder that it lies in. */
class FoldersTest {
    @Test
    void shouldKeepFewFoldersApart() {
        Folders folders = new Folders();
        List.of("/usr/lib/a", "/usr/lib/b", "/etc/c", "/d", "pipe").forEach(folders::add);
        assertEquals(List.of(new Folders.Group("/usr/lib", 2), new Folders.Group("/", 1), new Folders.Group("/etc", 1),
                new Folders.Group("pipe", 1)), folders.groups(4));
    }

    @Test
    void shouldCountTheSmallAndDeepWithWhatIsAboveThem() {
        Folders folders = new Folders();
        for (int i = 0; i < 5; i++) {
            folders.add("/usr/lib/" + i);
        }
        folders.add("/usr/lib/x/y/z");
        folders.add("/etc/c");
        assertEquals(List.of(new Folders.Group("/usr/lib", 6), new Folders.Group("/etc", 1)), folders.groups(2));
    }

    @Test
    void shouldCountEachNameInAFolderThatItLiesIn() {
        long seed = System.nanoTime();
        System.out.println("FoldersTest: seed=" + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            Folders folders = new Folders();
            List<String> names = new ArrayList<>();
            for (int i = random.nextInt(1, 300); i > 0; i--) {
                names.add(name(random));
                folders.add(names.getLast());
            }
            int max = random.nextInt(1, 20);
            List<Folders.Group> groups = folders.groups(max);
            Map<String, Long> expected = new HashMap<>();
            List<String> told = groups.stream().map(Folders.Group::folder).toList();
            for (String name : names) {
                expected.merge(deepest(told, name), 1L, Long::sum);
            }
            Map<String, Long> counted = new HashMap<>();
            groups.forEach(group -> counted.put(group.folder(), group.count()));
            assertEquals(names.size(), counted.values().stream().mapToLong(Long::longValue).sum());
            // A folder may have been counted with those above it, and then have got a group again from below.
            long roots = told.stream().filter(folder -> folder.equals("/") || folder.indexOf('/') < 0).count();
            assertTrue(told.size() <= max + roots, () -> told + ", max=" + max);
            expected.keySet().forEach(folder -> assertTrue(counted.containsKey(folder), folder));
        }
    }

    private static String name(Random random) {
        if (random.nextInt(20) == 0) {
            return "pipe";
        }
        StringBuilder name = new StringBuilder();
        for (int depth = random.nextInt(1, 6); depth > 0; depth--) {
            name.append('/').append((char) ('a' + random.nextInt(4)));
        }
        return name.toString();
    }

    private static String deepest(List<String> folders, String name) {
        String found = "";
        for (String folder : folders) {
            boolean within = folder.equals(name) || name.startsWith(folder.equals("/") ? "/" : folder + "/");
            if (within && folder.length() > found.length()) {
                found = folder;
            }
        }
        assertTrue(!found.isEmpty(), () -> name + " is in none of " + folders);
        return found;
    }
}
