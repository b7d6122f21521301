// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.Store;
import headwater.store.log.LogWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs verify, anchor and key, from the outside. */
class VerifyVerbTest {
    @TempDir
    Path temp;

    private Calls calls;
    private Path store;
    private Path segment;

    @BeforeEach
    void write() throws IOException {
        store = temp.resolve("store");
        calls = new Calls(store, Clock.systemUTC());
        segment = store.resolve("log/00000001.hwlog");
        append();
    }

    private void append() {
        try (Store open = Store.openForWriting(store, "test")) {
            LogWriter writer = open.writer();
            writer.sessionStart(new Session(open.continuation().nextSession(), "boot", 1, 7, "trace", "tree", "true",
                    1000, 0));
            for (int i = 0; i < 3; i++) {
                writer.node(writer.nextNode(), writer.nextObject(), 0, NodeKind.FILE, 1000 + i);
                writer.flush();
            }
            writer.sessionEnd(2000);
        }
    }

    private int run(String... arguments) {
        return calls.run(arguments);
    }

    private String out() {
        return calls.out();
    }

    @Test
    void shouldSayThatAStoreIsWhole() throws IOException {
        assertEquals(0, run("verify"), this::out);
        assertTrue(out().startsWith("whole and signed: store " + store + " (")
                && out().contains("1 segments, 4 blocks, 5 events"), out());
        assertEquals(0, run("verify", "--json", store.toString()));
        assertTrue(out().startsWith("{\"state\":\"signed\",\"store\":\"") && out().contains("\"unsigned_blocks\":0"),
                out());
        assertEquals(1, run("verify", temp.resolve("none").toString()));
        assertTrue(calls.err().contains("there is no store"), calls::err);
    }

    @Test
    void shouldNameWhatWasChanged() throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);
        assertEquals(3, run("verify"));
        assertTrue(out().startsWith("DAMAGED: log/00000001.hwlog, block 3, offset ")
                && out().contains("\n  it means: it was signed"), out());
        assertEquals(3, run("verify", "--json"));
        assertTrue(out()
                .contains("\"damage\":{\"file\":\"log/00000001.hwlog\",\"first_block\":3,\"last_block\":3,\"offset\":"),
                out());
        Files.delete(store.resolve("log/00000001.hwseal"));
        assertEquals(1, run("verify"));
        assertTrue(out().startsWith("whole as far as it is signed: ") && out().contains("3 blocks after it"), out());
    }

    @Test
    void shouldHoldTheStoreAgainstAnAnchorAndAKey() throws IOException {
        assertEquals(0, run("anchor"));
        String anchors = out();
        Path old = temp.resolve("old");
        byte[] segmentBefore = Files.readAllBytes(segment);
        byte[] statementsBefore = Files.readAllBytes(store.resolve("log/00000001.hwseal"));
        append();
        assertEquals(0, run("anchor"));
        Path file = Files.writeString(temp.resolve("anchors"), anchors + out());
        assertEquals(0, run("key", "export", "--output", old.toString()), calls::err);
        assertEquals(0, run("key", "rotate"), calls::err);
        append();
        assertEquals(0, run("key", "show"));
        assertEquals(2, out().lines().count());
        assertEquals(0, run("verify", "--key", old.toString(), "--anchor", file.toString()), this::out);
        Files.write(segment, segmentBefore);
        Files.write(store.resolve("log/00000001.hwseal"), statementsBefore);
        assertEquals(0, run("verify", "--key", old.toString()), this::out);
        assertEquals(3, run("verify", "--anchor", file.toString()));
        assertTrue(out().contains("the log ends before the block that was anchored"), out());
        assertEquals(2, run("verify", "--key", file.toString()));
        assertTrue(calls.err().contains("not a public key: --key="), calls::err);
        assertEquals(2, run("key", "burn"));
    }

    @Test
    void shouldTakeAnUnsignedEndForWellIfAsked() throws IOException {
        Path statements = store.resolve("log/00000001.hwseal");
        String first = Files.readString(statements).lines().findFirst().orElseThrow() + "\n";
        append();
        Files.writeString(statements, first);
        assertEquals(1, run("verify", "--tail", "0"), this::out);
        byte[] whole = Files.readAllBytes(segment);
        Files.write(segment, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertEquals(1, run("verify"), this::out);
        assertTrue(out().contains("are no whole block"), out());
    }
}
