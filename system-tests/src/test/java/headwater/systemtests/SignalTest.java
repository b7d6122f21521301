// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Gap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Signals while a command is recorded. */
class SignalTest {
    @TempDir
    Path folder;

    private Path store;
    private Path ready;
    private Path go;

    @BeforeEach
    void makeSource() throws IOException {
        store = folder.resolve("store");
        ready = folder.resolve("ready");
        go = folder.resolve("go");
        Files.writeString(folder.resolve("source"), "secret\n");
    }

    /** Starts a run, in a session of its own, of a command that copies the source, says its process id, and does {@code then}. */
    private Process start(String then) throws Exception {
        List<String> words = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
        words.addAll(CommandLine.of("run", "--store", store.toString(), "--front-end", "trace", "--", "sh", "-c",
                "cp source sink; echo $$ >ready.new; mv ready.new ready; " + then));
        Process process = CommandLine.start(folder, words);
        Waiting.untilExists(ready);
        return process;
    }

    private void assertWhole() {
        StoreFacts facts = StoreFacts.of(store);
        assertEquals(List.of(), facts.gaps());
        assertEquals(1, facts.sessions().size());
        assertTrue(facts.sessions().getFirst().endNs() > 0, "the session is not closed");
        StoreFacts.assertFrom(store, folder, "sink", "source");
    }

    @Test
    void shouldKeepTheRecordWhenTheTerminalInterrupts() throws Exception {
        Process headwater = start("sleep 60; echo not reached");
        Waiting.signal("INT", -headwater.pid());
        CommandLine.Outcome outcome = CommandLine.finish(headwater, folder);
        assertEquals(128 + 2, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains(" 0 lost"), outcome::toString);
        assertWhole();
    }

    @Test
    void shouldGoOnRecordingWhenAskedToEnd() throws Exception {
        Process headwater = start("while [ ! -e go ]; do sleep 0.05; done; cp sink after; exit 9");
        Waiting.signal("TERM", headwater.pid());
        Thread.sleep(300);
        assertTrue(headwater.isAlive(), "ended while its command ran");
        Files.createFile(go);
        CommandLine.Outcome outcome = CommandLine.finish(headwater, folder);
        assertEquals(9, outcome.status(), outcome::toString);
        assertWhole();
        StoreFacts.assertFrom(store, folder, "after", "source");
    }

    @Test
    void shouldKeepWhatWasDurableWhenKilled() throws Exception {
        Process headwater = start("while [ ! -e go ]; do sleep 0.05; done");
        // The log is durable after a second.
        Thread.sleep(2500);
        Waiting.signal("KILL", headwater.pid());
        assertEquals(128 + 9, CommandLine.finish(headwater, folder).status());
        Files.createFile(go);
        StoreFacts.assertFrom(store, folder, "sink", "source");

        CommandLine.Outcome next = CommandLine.run(folder, "run", "--store", store.toString(), "--front-end", "trace", "--",
                "cp", "sink", "after");
        assertEquals(0, next.status(), next::toString);
        StoreFacts facts = StoreFacts.of(store);
        assertEquals(Set.of(Gap.Cause.UNCLEAN_END), facts.gapCauses());
        assertEquals(2, facts.sessions().size());
        StoreFacts.assertFrom(store, folder, "after", "source");
        CommandLine.Outcome answer = CommandLine.run(folder, "descendants", "--store", store.toString(), "--format", "json",
                "source");
        assertEquals(0, answer.status(), answer::toString);
        assertTrue(answer.out().contains("\"complete\":false"), answer::toString);
    }
}
