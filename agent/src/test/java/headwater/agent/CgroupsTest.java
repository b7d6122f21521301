// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import headwater.capture.KernelFeatures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupsTest {
    @TempDir
    Path folder;

    private Path mount;
    private Path proc;
    private Cgroups cgroups;

    @BeforeEach
    void make() throws IOException {
        mount = Files.createDirectories(folder.resolve("cgroup"));
        Files.createFile(mount.resolve("cgroup.procs"));
        proc = Files.createDirectories(folder.resolve("proc"));
        cgroups = new Cgroups(mount, proc);
    }

    private long cgroup(String path) throws IOException {
        return (Long) Files.getAttribute(Files.createDirectories(mount.resolve(path)), "unix:ino");
    }

    private void process(int tgid, String path) throws IOException {
        Files.writeString(Files.createDirectories(proc.resolve("" + tgid)).resolve("cgroup"), "1:cpu:/x\n0::" + path + "\n");
    }

    @Test
    void theProcessSaysWhereItIs() throws IOException {
        long id = cgroup("a.slice/b.service");
        process(10, "/a.slice/b.service");
        assertEquals("/a.slice/b.service", cgroups.path(id, 10));
    }

    @Test
    void aProcessThatHasMovedOnIsNotBelieved() throws IOException {
        long before = cgroup("a");
        cgroup("b");
        process(10, "/b");
        assertEquals("/a", cgroups.path(before, 10), "found by looking through the hierarchy");
    }

    @Test
    void aCgroupThatIsGoneHasNoPathUnlessItWasKnown() throws IOException {
        long id = cgroup("gone");
        assertEquals("/gone", cgroups.path(id, 99));
        Files.delete(mount.resolve("gone"));
        assertEquals("/gone", cgroups.path(id, 99), "an id is not given again");
        assertNull(cgroups.path(123456789, 99));
    }

    @Test
    void whereNoHierarchyIsMountedNoCgroupHasAPath() {
        assertNull(new Cgroups(null, proc).path(77, 10));
    }

    @Test
    void whatLiesDeepIsFoundSearchBySearch() throws IOException, InterruptedException {
        long id = cgroup("a/b/c/d/e");
        for (int folder = 0; folder < 50; folder++) {
            cgroup("many/" + folder);
        }
        String path = cgroups.path(id, 99);
        for (int searches = 0; path == null && searches < 5; searches++) {
            Thread.sleep(1100);
            path = cgroups.path(id, 99);
        }
        assertEquals("/a/b/c/d/e", path);
    }

    @Test
    void theRootIsTheSameEverywhere() {
        assertEquals("/", cgroups.path(1, 99));
    }

    /** On this machine's own hierarchy; needs root. Each is asked for within a second of the one before, when no search is made. */
    @Test
    void eachIsFoundByItsIdThoughNoProcessIsInIt() throws IOException {
        Path real = KernelFeatures.controlGroups();
        Cgroups ofMachine = new Cgroups(real, proc);
        Path first = Files.createTempDirectory(real, "headwater-test-");
        Path second = Files.createDirectory(first.resolve("b.service"));
        try {
            String name = "/" + first.getFileName();
            assertEquals(name, ofMachine.path(number(first), 99));
            assertEquals(name + "/b.service", ofMachine.path(number(second), 99));
            long gone = number(Files.createDirectory(first.resolve("gone")));
            Files.delete(first.resolve("gone"));
            assertNull(ofMachine.path(gone, 99));
        } finally {
            Files.delete(second);
            Files.delete(first);
        }
    }

    private static long number(Path folder) throws IOException {
        return (Long) Files.getAttribute(folder, "unix:ino");
    }
}
