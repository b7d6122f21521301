// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code headwater run} ends: as the command does. */
class CommandStatusTest {
    @TempDir
    Path folder;

    private CommandLine.Outcome run(String... command) throws IOException, InterruptedException {
        List<String> words = CommandLine.of("run", "--store", store().toString(), "--front-end", "trace", "--");
        words.addAll(List.of(command));
        return CommandLine.execute(folder, words);
    }

    private Path store() {
        return folder.resolve("store");
    }

    @Test
    void shouldEndAsTheCommandEnds() throws Exception {
        CommandLine.Outcome outcome = run("sh", "-c", "echo out; echo err >&2; exit 3");
        assertEquals(3, outcome.status(), outcome::toString);
        assertEquals("out", outcome.out());
        String[] lines = outcome.err().split("\n");
        assertEquals(2, lines.length, outcome::toString);
        assertEquals("err", lines[0]);
        assertTrue(lines[1].matches("headwater: [1-9]\\d* records, [1-9]\\d* nodes, [1-9]\\d* edges, 0 lost, \\d+\\.\\d\\d s "
                + "\\(trace, store .*\\)"), outcome::toString);
    }

    @Test
    void shouldEndWithTheSignalThatEndedTheCommand() throws Exception {
        CommandLine.Outcome outcome = run("sh", "-c", "kill -KILL $$");
        assertEquals(128 + 9, outcome.status(), outcome::toString);
        assertEquals(List.of(), StoreFacts.of(store()).gaps());
        assertTrue(StoreFacts.of(store()).sessions().getFirst().endNs() > 0);
    }

    @Test
    void shouldSayThatACommandDoesNotExist() throws Exception {
        CommandLine.Outcome outcome = run("no-such-command-anywhere");
        assertEquals(127, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("no-such-command-anywhere"), outcome::toString);
        assertFalse(Files.exists(store()), "a store was made for nothing");
        assertEquals(127, run("./nothing/here").status());
    }

    @Test
    void shouldSayThatACommandIsNotExecutable() throws Exception {
        Path file = Files.writeString(folder.resolve("plain"), "#!/bin/sh\n");
        CommandLine.Outcome outcome = run(file.toString());
        assertEquals(126, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("not executable: " + file), outcome::toString);
        assertEquals(126, run(folder.toString()).status());
    }

    @Test
    void shouldSayThatTheKernelRefusedTheCommand() throws Exception {
        Path file = Files.writeString(folder.resolve("orphan"), "#!/no/such/interpreter\n");
        assertTrue(file.toFile().setExecutable(true));
        CommandLine.Outcome outcome = run(file.toString());
        assertEquals(127, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("orphan"), outcome::toString);
    }

    @Test
    void shouldSayThatProcessesStillRun() throws Exception {
        CommandLine.Outcome outcome = run("sh", "-c", "setsid sleep 60 >/dev/null 2>&1 & echo $!");
        try {
            assertEquals(0, outcome.status(), outcome::toString);
            assertTrue(outcome.err().contains("the command has ended, but 1 of its processes still run"), outcome::toString);
            assertTrue(StoreFacts.of(store()).sessions().getFirst().endNs() > 0);
        } finally {
            Waiting.signal("KILL", Long.parseLong(outcome.out()));
        }
    }

    @Test
    void shouldKeepApartTheRunsOfOneStore() throws Exception {
        Path source = Files.writeString(folder.resolve("source"), "secret\n");
        Path sink = folder.resolve("sink");
        assertEquals(0, run("cp", source.toString(), folder.resolve("between").toString()).status());
        assertEquals(0, run("cp", folder.resolve("between").toString(), sink.toString()).status());
        assertEquals(2, StoreFacts.of(store()).sessions().size());
        StoreFacts.assertFrom(store(), folder, "sink", "source");
    }
}
