// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stores that cannot be written, or cannot be read. */
class StoreTroubleTest {
    private static final int FORMAT_VERSION_AT = 8;

    @TempDir
    Path folder;

    private Path source;

    @BeforeEach
    void makeSource() throws IOException {
        source = Files.writeString(folder.resolve("source"), "secret\n");
    }

    private CommandLine.Outcome copy(Path store, String sink) throws Exception {
        return CommandLine.run(folder, "run", "--store", store.toString(), "--front-end", "trace", "--", "cp",
                source.toString(), folder.resolve(sink).toString());
    }

    private static void mountMemory(Path at, String options) throws Exception {
        Files.createDirectories(at);
        execute("mount", "-t", "tmpfs", "-o", options, "headwater-test", at.toString());
    }

    private static void execute(String... words) throws Exception {
        int status = new ProcessBuilder(words).inheritIO().start().waitFor();
        assertEquals(0, status, () -> String.join(" ", words));
    }

    /** The newest segment of a store's log. */
    private static Path segment(Path store) throws IOException {
        try (Stream<Path> files = Files.list(store.resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".hwlog")).sorted().reduce((a, b) -> b).orElseThrow();
        }
    }

    @Test
    void shouldSayWhoHoldsTheStore() throws Exception {
        Path store = folder.resolve("store");
        Path first = Files.createDirectory(folder.resolve("first"));
        Path ready = folder.resolve("ready");
        Path go = folder.resolve("go");
        Process holder = CommandLine.start(first, CommandLine.of("run", "--store", store.toString(), "--front-end", "trace",
                "--", "sh", "-c", "touch '" + ready + "'; while [ ! -e '" + go + "' ]; do sleep 0.05; done; cp '" + source
                        + "' '" + folder + "/sink'"));
        try {
            Waiting.untilExists(ready);
            CommandLine.Outcome second = copy(store, "second-sink");
            assertEquals(4, second.status(), second::toString);
            assertTrue(second.err().contains("pid=" + holder.pid()), second::toString);
            assertTrue(second.err().contains("headwater run -- sh"), second::toString);
            assertFalse(Files.exists(folder.resolve("second-sink")), "the second command ran unrecorded");
        } finally {
            Files.createFile(go);
        }
        CommandLine.Outcome outcome = CommandLine.finish(holder, first);
        assertEquals(0, outcome.status(), outcome::toString);
        assertEquals(List.of(), StoreFacts.of(store).gaps());
        StoreFacts.assertFrom(store, folder, "sink", "source");
    }

    @Test
    void shouldKeepWhatItHadWhenTheDiskIsFull() throws Exception {
        Path disk = folder.resolve("disk");
        mountMemory(disk, "size=1m");
        try {
            Path store = disk.resolve("store");
            assertEquals(0, copy(store, "sink").status());
            Path busy = folder.resolve("busy");
            CommandLine.Outcome outcome = CommandLine.run(folder, "run", "--store", store.toString(), "--front-end", "trace", "--",
                    "sh", "-c", "'" + Build.testers().resolve("storm") + "' 400000 '" + busy + "'; exit 5");
            assertEquals(5, outcome.status(), outcome::toString);
            assertTrue(outcome.err().contains("the record is not whole"), outcome::toString);
            assertTrue(outcome.err().contains("No space left on device"), outcome::toString);
            StoreFacts.assertFrom(store, folder, "sink", "source");
            assertEquals(0, CommandLine.run(folder, "ancestors", "--store", store.toString(),
                    folder.resolve("sink").toString()).status());
        } finally {
            execute("umount", disk.toString());
        }
    }

    @Test
    void shouldSayThatAStoreIsReadOnly() throws Exception {
        Path disk = folder.resolve("disk");
        mountMemory(disk, "size=64m");
        try {
            Path store = disk.resolve("store");
            assertEquals(0, copy(store, "sink").status());
            execute("mount", "-o", "remount,ro", disk.toString());
            CommandLine.Outcome outcome = copy(store, "second-sink");
            assertEquals(4, outcome.status(), outcome::toString);
            assertTrue(outcome.err().contains(store.toString()), outcome::toString);
            assertTrue(outcome.err().contains("Read-only file system"), outcome::toString);
            assertFalse(Files.exists(folder.resolve("second-sink")), "the command ran unrecorded");
            CommandLine.Outcome answer = CommandLine.run(folder, "ancestors", "--store", store.toString(),
                    folder.resolve("sink").toString());
            assertEquals(0, answer.status(), answer::toString);
            assertTrue(answer.out().contains(source.toString()), answer::toString);
        } finally {
            execute("umount", disk.toString());
        }
    }

    @Test
    void shouldRefuseAStoreOfANewerVersion() throws Exception {
        Path store = folder.resolve("store");
        assertEquals(0, copy(store, "sink").status());
        Path segment = segment(store);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(FORMAT_VERSION_AT);
            file.write(99);
        }
        byte[] before = Files.readAllBytes(segment);
        for (CommandLine.Outcome outcome : List.of(copy(store, "second-sink"),
                CommandLine.run(folder, "ancestors", "--store", store.toString(), source.toString()))) {
            assertEquals(3, outcome.status(), outcome::toString);
            assertTrue(outcome.err().contains("99"), outcome::toString);
            assertTrue(outcome.err().contains(segment.getFileName().toString()), outcome::toString);
        }
        assertFalse(Files.exists(folder.resolve("second-sink")), "the command ran unrecorded");
        org.junit.jupiter.api.Assertions.assertArrayEquals(before, Files.readAllBytes(segment), "the segment was changed");
    }

    @Test
    void shouldRefuseADamagedStore() throws Exception {
        Path store = folder.resolve("store");
        assertEquals(0, copy(store, "sink").status());
        Path segment = segment(store);
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            // The header's checksum covers this byte.
            file.seek(40);
            file.write(0x5a);
        }
        for (CommandLine.Outcome outcome : List.of(copy(store, "second-sink"),
                CommandLine.run(folder, "ancestors", "--store", store.toString(), source.toString()))) {
            assertEquals(3, outcome.status(), outcome::toString);
            assertTrue(outcome.err().contains(segment.getFileName().toString()), outcome::toString);
        }
        assertFalse(Files.exists(folder.resolve("second-sink")), "the command ran unrecorded");
    }
}
