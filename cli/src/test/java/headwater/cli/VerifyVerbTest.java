// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.query.FileNow;
import headwater.store.Store;
import headwater.store.log.LogWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verbs verify, anchor and key, from the outside. */
class VerifyVerbTest {
    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path store;
    private Path segment;

    @BeforeEach
    void write() throws IOException {
        store = temp.resolve("store");
        segment = store.resolve("log/00000001.hwlog");
        append();
    }

    private void append() {
        try (Store open = Store.openForWriting(store, "test")) {
            LogWriter writer = open.writer();
            writer.sessionStart(new Session(open.continuation().nextSession(), "boot", 1, 7, "trace", "tree", "true", 1000, 0));
            for (int i = 0; i < 3; i++) {
                writer.node(writer.nextNode(), writer.nextObject(), 0, NodeKind.FILE, 1000 + i);
                writer.flush();
            }
            writer.sessionEnd(2000);
        }
    }

    private int run(String... arguments) {
        out.reset();
        err.reset();
        Context context = new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8), Map.of("HEADWATER_STORE", store.toString()),
                Clock.systemUTC(), new StoreBinding(), path -> new FileNow(path, path, false, false, 0, 0));
        return Main.run(arguments, context);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void shouldSayThatAStoreIsWhole() throws IOException {
        assertEquals(0, run("verify"), out::toString);
        assertTrue(out().startsWith("whole and signed: store " + store + " (") && out().contains("1 segments, 4 blocks, 5 events"), out());
        assertEquals(0, run("verify", "--json", store.toString()));
        assertTrue(out().startsWith("{\"state\":\"signed\",\"store\":\"") && out().contains("\"unsigned_blocks\":0"), out());
        assertEquals(1, run("verify", temp.resolve("none").toString()));
        assertTrue(err.toString().contains("there is no store"), err::toString);
    }

    @Test
    void shouldNameWhatWasChanged() throws IOException {
        byte[] bytes = Files.readAllBytes(segment);
        bytes[bytes.length - 1] ^= 1;
        Files.write(segment, bytes);
        assertEquals(3, run("verify"));
        assertTrue(out().startsWith("DAMAGED: log/00000001.hwlog, block 3, offset ") && out().contains("\n  it means: it was signed"), out());
        assertEquals(3, run("verify", "--json"));
        assertTrue(out().contains("\"damage\":{\"file\":\"log/00000001.hwlog\",\"first_block\":3,\"last_block\":3,\"offset\":"), out());
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
        assertEquals(0, run("key", "export", "--output", old.toString()), err::toString);
        assertEquals(0, run("key", "rotate"), err::toString);
        append();
        assertEquals(0, run("key", "show"));
        assertEquals(2, out().lines().count());
        assertEquals(0, run("verify", "--key", old.toString(), "--anchor", file.toString()), out::toString);
        Files.write(segment, segmentBefore);
        Files.write(store.resolve("log/00000001.hwseal"), statementsBefore);
        assertEquals(0, run("verify", "--key", old.toString()), out::toString);
        assertEquals(3, run("verify", "--anchor", file.toString()));
        assertTrue(out().contains("the log ends before the block that was anchored"), out());
        assertEquals(2, run("verify", "--key", file.toString()));
        assertTrue(err.toString().contains("not a public key: --key="), err::toString);
        assertEquals(2, run("key", "burn"));
    }

    @Test
    void shouldTakeAnUnsignedEndForWellIfAsked() throws IOException {
        Path statements = store.resolve("log/00000001.hwseal");
        String first = Files.readString(statements).lines().findFirst().orElseThrow() + "\n";
        append();
        Files.writeString(statements, first);
        assertEquals(1, run("verify", "--tail", "0"), out::toString);
        byte[] whole = Files.readAllBytes(segment);
        Files.write(segment, java.util.Arrays.copyOf(whole, whole.length - 1));
        assertEquals(1, run("verify"), out::toString);
        assertTrue(out().contains("are no whole block"), out());
    }
}
