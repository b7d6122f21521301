// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Session;
import headwater.store.keys.KeyFolder;
import headwater.store.keys.KeyLine;
import headwater.store.log.LatencyHistogram;
import headwater.store.log.LogWriter;
import headwater.store.seal.Statement;
import headwater.store.seal.StatementFiles;
import headwater.store.verify.Report;
import headwater.store.verify.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys, statements, and how fast they come. */
class SealTest {
    @TempDir
    private Path temp;

    private static void write(LogWriter writer, int count) {
        for (int i = 0; i < count; i++) {
            long node = writer.nextNode();
            writer.node(node, writer.nextObject(), 0, NodeKind.FILE, System.currentTimeMillis() * 1_000_000);
        }
    }

    @Test
    void shouldSignWithinASecondAndAtTheEnd() throws Exception {
        try (Store store = Store.openForWriting(temp, "test")) {
            LogWriter writer = store.writer();
            writer.sessionStart(new Session(1, "boot", 1, 7, "trace", "system", "", 1, 0));
            long begun = System.nanoTime();
            while (System.nanoTime() - begun < 2_500_000_000L) {
                write(writer, 20);
                writer.flushDue(System.nanoTime());
                Thread.sleep(1);
            }
            assertFalse(writer.uncommitted() && writer.durable().block() < 10, "the committer makes blocks durable by itself");
            assertTrue(store.sealer().status().sequence() >= 3, () -> store.sealer().status().toString());
            assertEquals("", store.sealer().status().trouble());
            for (LatencyHistogram.Summary summary : List.of(writer.windows().chained(), writer.windows().durable(),
                    writer.windows().signed())) {
                assertTrue(summary.count() > 100 && summary.p50Us() <= summary.p99Us() && summary.p99Us() <= summary.maxUs(), summary.toString());
            }
            writer.sessionEnd(System.currentTimeMillis() * 1_000_000);
        }
        Statement last = StatementFiles.newest(temp.resolve("log")).orElseThrow();
        assertEquals(Statement.Kind.STOP, last.kind());
        Report report = Verifier.verify(temp, null, List.of(last.text()));
        assertTrue(report.allSigned(), report::toString);
        assertEquals(report.blocks(), last.blocks());
    }

    @Test
    void shouldVerifyWhileItIsWritten() throws Exception {
        try (Store store = Store.openForWriting(temp, "test")) {
            LogWriter writer = store.writer();
            for (int i = 0; i < 40; i++) {
                write(writer, 200);
                writer.flush();
                if (i % 4 == 0) {
                    store.sealer().sealNow();
                }
                Report report = Verifier.verify(temp, null, List.of());
                assertEquals(null, report.damage(), report::toString);
            }
        }
        assertTrue(Verifier.verify(temp, null, List.of()).allSigned());
    }

    @Test
    void shouldRefuseKeysThatOthersCouldReach() throws IOException {
        Store.openForWriting(temp, "test").close();
        Path secret = temp.resolve("keys/secret.pem");
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(temp.resolve("keys"))));
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r-----"));
        assertOpenFails("can be reached by others: path=" + secret + ", mode=rw-r-----");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.setPosixFilePermissions(temp.resolve("keys"), PosixFilePermissions.fromString("rwx--x---"));
        assertOpenFails("can be reached by others: path=" + temp.resolve("keys"));
        Files.setPosixFilePermissions(temp.resolve("keys"), PosixFilePermissions.fromString("rwx------"));
        Path elsewhere = temp.resolve("elsewhere.pem");
        Files.move(secret, elsewhere);
        Files.createSymbolicLink(secret, elsewhere);
        assertOpenFails("is no plain file");
        Files.delete(secret);
        assertOpenFails("secret key of this store is not here");
        Files.writeString(secret, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        assertOpenFails("secret key of this store is not here");
        Files.delete(secret);
        Files.move(elsewhere, secret);
        Store.openForWriting(temp, "test").close();
    }

    private void assertOpenFails(String message) {
        String is = assertThrows(UncheckedIOException.class, () -> Store.openForWriting(temp, "test")).getMessage();
        assertTrue(is.contains(message), is);
    }

    @Test
    void shouldNotGoOnInALogThatLacksWhatWasSigned() throws IOException {
        try (Store store = Store.openForWriting(temp, "test")) {
            for (int i = 0; i < 4; i++) {
                write(store.writer(), 5);
                store.writer().sync();
            }
        }
        Path segment = temp.resolve("log/00000001.hwlog");
        byte[] whole = Files.readAllBytes(segment);
        Files.write(segment, Arrays.copyOf(whole, whole.length - 1));
        assertTrue(assertThrows(StoreDamagedException.class, () -> Store.openForWriting(temp, "test")).getMessage()
                .contains("the log ends here, but more was signed: blocks=4"));
    }

    @Test
    void shouldGoOnWithAnotherKeyAndForgetTheOld() throws IOException {
        String first;
        try (Store store = Store.openForWriting(temp, "test")) {
            first = Files.readString(temp.resolve("keys/secret.pem"));
            write(store.writer(), 5);
            store.writer().sync();
            store.sealer().work();
            store.sealer().rotate();
            write(store.writer(), 5);
        }
        assertNotEquals(first, Files.readString(temp.resolve("keys/secret.pem")));
        List<KeyLine> keys = KeyFolder.read(temp.resolve("keys"));
        assertEquals(2, keys.size());
        assertEquals(2, keys.get(1).fromStatement());
        for (KeyLine key : keys) {
            assertTrue(Verifier.verify(temp, key.key().der(), List.of()).allSigned());
        }
    }

    /** What docs/verify.md tells an auditor to do who has openssl and not us. */
    @Test
    void shouldBeVerifiedByOpenssl() throws Exception {
        try (Store store = Store.openForWriting(temp, "test")) {
            write(store.writer(), 5);
        }
        Path key = Files.writeString(temp.resolve("key.pem"), KeyFolder.read(temp.resolve("keys")).getLast().key().pem());
        String line = StatementFiles.newest(temp.resolve("log")).orElseThrow().text();
        Path message = Files.write(temp.resolve("message"), line.substring(0, line.indexOf(" sig=")).getBytes(StandardCharsets.US_ASCII));
        Path signature = Files.write(temp.resolve("signature"), Base64.getDecoder().decode(line.substring(line.indexOf(" sig=") + 5)));
        assertEquals(0, openssl(key, message, signature));
        Files.writeString(message, "x", java.nio.file.StandardOpenOption.APPEND);
        assertNotEquals(0, openssl(key, message, signature));
        // And it takes our secret for a key of its own.
        Process public_ = new ProcessBuilder("openssl", "pkey", "-in", temp.resolve("keys/secret.pem").toString(), "-pubout")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertEquals(Files.readString(key), new String(public_.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }

    private static int openssl(Path key, Path message, Path signature) throws Exception {
        return new ProcessBuilder("openssl", "pkeyutl", "-verify", "-pubin", "-inkey", key.toString(), "-rawin", "-in", message.toString(),
                "-sigfile", signature.toString()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor();
    }

    @Test
    void shouldCountDurationsWithinAnEighth() {
        LatencyHistogram histogram = new LatencyHistogram();
        for (long us = 1; us <= 100_000; us++) {
            histogram.add(us * 1000, 1);
        }
        LatencyHistogram.Summary is = histogram.summary();
        assertEquals(100_000, is.count());
        assertEquals(100_000, is.maxUs());
        assertTrue(is.p50Us() >= 50_000 && is.p50Us() <= 57_000, is.toString());
        assertTrue(is.p99Us() >= 99_000 && is.p99Us() <= 100_000, is.toString());
        histogram.add(-5, 1);
        histogram.add(Long.MAX_VALUE, 1);
        assertEquals(Long.MAX_VALUE / 1000, histogram.summary().maxUs());
    }
}
