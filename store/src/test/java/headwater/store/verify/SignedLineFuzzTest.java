// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.store.keys.KeyFolder;
import headwater.store.keys.KeyLine;
import headwater.store.keys.MalformedLineException;
import headwater.store.keys.PublicKeyText;
import headwater.store.SealedStores;
import headwater.store.Store;
import headwater.store.retention.InUse;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import headwater.store.seal.DropStatement;
import headwater.store.seal.Statement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The parsers of statements, keys, anchors and PEM, on whatever comes: they refuse or understand, and the verifier's own
 * understand the same lines as the writer's.
 */
class SignedLineFuzzTest {
    private static final String KEY_FORM = "store:u n:n before:h by:k from:n pub:p wall_ns:n sig:s new:s";

    @TempDir
    private Path temp;

    @FuzzTest
    void shouldRefuseOrUnderstand(byte[] bytes) {
        parse(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @Test
    void shouldRefuseOrUnderstandWhatIsAlmostALine() throws IOException {
        SealedStore store = SealedStore.write(temp.resolve("store"), 5, 8);
        Path dropped = temp.resolve("dropped");
        SealedStore.write(dropped, 6, 30);
        try (Store open = SealedStores.open(dropped, 3_000)) {
            RetentionPlan plan = open.retentionPlan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, 10_000), 0);
            assertNotNull(open.drop(plan, InUse.NONE));
        }
        List<String> lines = Stream.concat(store.files().entrySet().stream(), SealedStore.read(dropped).files().entrySet().stream())
                .filter(file -> Pattern.matches("log/.*\\.hwseal|keys/chain|log/dropped", file.getKey()))
                .flatMap(file -> new String(file.getValue(), StandardCharsets.US_ASCII).lines()).toList();
        for (String line : lines) {
            assertTrue(parse(line), line);
        }
        long seed = System.nanoTime();
        System.out.println("SignedLineFuzzTest seed=" + seed);
        Random random = new Random(seed);
        int understood = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder line = new StringBuilder(lines.get(random.nextInt(lines.size())));
            for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
                int at = random.nextInt(line.length());
                switch (random.nextInt(4)) {
                    case 0 -> line.setCharAt(at, (char) (' ' + random.nextInt(95)));
                    case 1 -> line.setCharAt(at, (char) random.nextInt(256));
                    case 2 -> line.deleteCharAt(at);
                    default -> line.insert(at, "0123456789abcdef =+/A".charAt(random.nextInt(21)));
                }
            }
            understood += parse(line.toString()) ? 1 : 0;
        }
        assertTrue(understood > 1_000, "understood=" + understood);
        for (PublicKeyText key : KeyFolder.read(temp.resolve("store/keys")).stream().map(KeyLine::key).toList()) {
            assertEquals(key, PublicKeyText.ofPem("some words\n" + key.pem() + "more\n"));
        }
    }

    /** True if it is a line; both who write and who verify have to think the same of it. */
    private static boolean parse(String text) {
        boolean statement = false;
        boolean key = false;
        try {
            Statement parsed = Statement.parse(text);
            assertEquals(text, parsed.text());
            statement = true;
        } catch (MalformedLineException e) {
            assertNotNull(e.getMessage());
        }
        try {
            KeyLine parsed = KeyLine.parse(text);
            assertEquals(text, parsed.text());
            key = true;
        } catch (MalformedLineException e) {
            assertNotNull(e.getMessage());
        }
        boolean drop = false;
        try {
            DropStatement parsed = DropStatement.parse(text);
            assertEquals(text, parsed.text());
            drop = true;
        } catch (MalformedLineException e) {
            assertNotNull(e.getMessage());
        }
        // The verifier leaves the range of segments and the reason to the comparison with the log.
        assertTrue(!drop || Line.parse(text, Drops.WORD, Drops.FORM) != null, text);
        try {
            PublicKeyText.ofPem(text);
        } catch (IllegalArgumentException e) {
            assertNotNull(e.getMessage());
        }
        // The verifier leaves the ranges of a statement's kind and segment to the comparison with the log.
        Line line = Line.parse(text, Statements.WORD, Statements.FORM);
        assertTrue(!statement || line != null, text);
        assertEquals(key, Line.parse(text, "hwkey1", KEY_FORM) != null, text);
        return statement || key || drop;
    }
}
