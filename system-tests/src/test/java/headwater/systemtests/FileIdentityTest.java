// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which file is which, over runs, mounts and inode numbers that are given again; on an ext4 file system of the test's own. */
class FileIdentityTest {
    @TempDir
    Path folder;

    private Path image;
    private Path disk;
    private Path store;
    private boolean mounted;

    @BeforeEach
    void make() throws Exception {
        image = folder.resolve("image");
        disk = Files.createDirectory(folder.toRealPath().resolve("disk"));
        store = folder.resolve("store");
        execute("truncate", "-s", "16M", image.toString());
        execute("mkfs.ext4", "-q", "-F", image.toString());
        mount();
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            execute("umount", disk.toString());
            mounted = false;
        }
    }

    private void mount() throws Exception {
        execute("mount", "-o", "loop", image.toString(), disk.toString());
        mounted = true;
    }

    private void execute(String... words) throws Exception {
        CommandLine.Outcome outcome = CommandLine.execute(folder, List.of(words));
        assertEquals(0, outcome.status(), outcome::toString);
    }

    private void record(String script) throws Exception {
        CommandLine.Outcome outcome = CommandLine.run(folder, "run", "--store", store.toString(), "--front-end", "trace", "--",
                "sh", "-ec", "cd '" + disk + "'\n" + script);
        assertEquals(0, outcome.status(), outcome::toString);
    }

    private long number(String name) throws IOException {
        return (Long) Files.getAttribute(disk.resolve(name), "unix:ino");
    }

    /** Makes files until one has got this inode number; the others are removed. */
    private static String take(String name, long number) {
        return """
                i=0
                until [ "$(stat -c %%i %1$s.$i 2>&-)" = %2$d ]; do
                    i=$((i + 1))
                    [ $i -lt 64 ]
                    echo fresh >%1$s.$i
                done
                mv %1$s.$i %1$s
                rm -f %1$s.[0-9]*
                """.formatted(name, number);
    }

    @Test
    void aFileIsTheSameInTheNextRunAndOnAnotherMount() throws Exception {
        record("echo secret >source; cat source >middle");
        unmount();
        // The first free loop device is another one now, so the device number says nothing.
        Path other = folder.resolve("other");
        execute("truncate", "-s", "16M", other.toString());
        execute("mkfs.ext4", "-q", "-F", other.toString());
        Path otherDisk = Files.createDirectory(folder.resolve("other-disk"));
        execute("mount", "-o", "loop", other.toString(), otherDisk.toString());
        try {
            mount();
            record("cat middle >sink");
        } finally {
            execute("umount", otherDisk.toString());
        }
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            RecordedIdentity graph = new RecordedIdentity(view);
            assertEquals(2, view.sessions().size());
            graph.assertFrom(disk + "/sink", disk + "/middle");
            graph.assertFrom(disk + "/sink", disk + "/source");
            assertEquals("ext4", graph.text(graph.file(disk + "/middle"), Attribute.FS_TYPE));
            CommandLine.Outcome uuid = CommandLine.execute(folder, List.of("blkid", "-p", "-s", "UUID", "-o", "value",
                    image.toString()));
            assertEquals(uuid.out(), graph.text(graph.file(disk + "/middle"), Attribute.FS_UUID));
        }
    }

    @Test
    void anInodeNumberThatIsGivenAgainIsAnotherFile() throws Exception {
        record("echo secret >source; cat source >old");
        long number = number("old");
        Files.delete(disk.resolve("old"));
        record(take("fresh", number) + "cat fresh >sink");
        assertEquals(number, number("fresh"), "the test's own premise");
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            RecordedIdentity graph = new RecordedIdentity(view);
            long old = graph.file(disk + "/old");
            long fresh = graph.file(disk + "/fresh");
            assertNotEquals(old, fresh);
            assertEquals(graph.number(old, Attribute.INO), graph.number(fresh, Attribute.INO));
            graph.assertNotFrom(disk + "/sink", disk + "/source");
        }
    }

    @Test
    void soItIsWithinOneRun() throws Exception {
        record("""
                echo secret >source
                cat source >old
                number=$(stat -c %i old)
                rm old
                i=0
                until [ "$(stat -c %i fresh.$i 2>&-)" = $number ]; do
                    i=$((i + 1))
                    [ $i -lt 64 ]
                    echo fresh >fresh.$i
                done
                cat fresh.$i >sink
                """);
        try (Store opened = Store.openForReading(store); GraphView view = opened.view()) {
            RecordedIdentity graph = new RecordedIdentity(view);
            graph.assertNotFrom(disk + "/sink", disk + "/source");
            assertTrue(view.find(Attribute.INO, graph.number(graph.file(disk + "/old"), Attribute.INO)).length >= 2);
        }
    }
}
