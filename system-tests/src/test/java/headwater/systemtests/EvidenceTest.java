// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Evidence of a run that was recorded here: digests are of the bytes that the run had, not of those that its files have
 * later.
 */
class EvidenceTest {
    @TempDir
    Path folder;

    private Path source;
    private Path product;

    @BeforeEach
    void write() throws IOException {
        source = Files.writeString(folder.resolve("source"), "b\na\n");
        product = folder.resolve("product");
    }

    private CommandLine.Outcome headwater(int status, String... arguments) throws IOException, InterruptedException {
        CommandLine.Outcome outcome = CommandLine.run(folder, arguments);
        assertEquals(status, outcome.status(), outcome::toString);
        return outcome;
    }

    private CommandLine.Outcome record(String... options) throws IOException, InterruptedException {
        List<String> words = CommandLine.of("run", "--store", store(), "--front-end", "trace");
        words.addAll(List.of(options));
        words.addAll(List.of("--", "sh", "-c", "sort " + source + " >" + folder + "/t; sort " + folder + "/t >"
                + product
                + "; rm " + folder + "/t"));
        CommandLine.Outcome outcome = CommandLine.execute(folder, words);
        assertEquals(0, outcome.status(), outcome::toString);
        return outcome;
    }

    private String store() {
        return folder.resolve("store").toString();
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The digest that an attestation has of a file, empty if it has none. */
    private static String digest(String attestation, Path file) {
        Matcher matcher = Pattern.compile("\"name\"\\s*:\\s*\"" + Pattern.quote(file.toString())
                + "\"\\s*,\\s*(?:\"uri\"\\s*:\\s*\"[^\"]*\"\\s*,\\s*)?(?:\"digest\"\\s*:\\s*\\{\\s*\"sha256\"\\s*:\\s*\"([0-9a-f]{64})\")?")
                .matcher(attestation);
        assertTrue(matcher.find(), () -> "not named: " + file + "\n" + attestation);
        return matcher.group(1) == null ? "" : matcher.group(1);
    }

    @Test
    void shouldKeepTheDigestsOfWhatTheRunHad() throws Exception {
        CommandLine.Outcome run = record("--digests");
        assertTrue(Pattern.compile("headwater: [1-9]\\d* digests taken").matcher(run.err()).find(), run::toString);
        Files.writeString(source, "other");
        Files.writeString(product, "other");
        String attestation = headwater(0, "export", "--store", store(), "--format", "in-toto").out();
        assertEquals(sha256("b\na\n"), digest(attestation, source));
        assertEquals(sha256("a\nb\n"), digest(attestation, product));
        assertEquals("", digest(attestation, folder.resolve("t")));
        assertTrue(attestation.replaceAll("\\s", "").contains("\"complete\":true"), attestation);
        // The digests are part of the record: signed, and there for a question.
        headwater(0, "verify", store());
        CommandLine.Outcome asked = headwater(0, "query", "--store", store(),
                "MATCH (f:file {path: '" + product + "'}) RETURN f.sha256");
        assertTrue(asked.out().contains(sha256("a\nb\n")), asked::toString);
    }

    @Test
    void shouldGiveNoDigestOfWhatHasChangedSince() throws Exception {
        CommandLine.Outcome run = record();
        assertFalse(run.err().contains("digests"), run::toString);
        String attestation = headwater(0, "export", "--store", store(), "--format", "in-toto").out();
        assertEquals(sha256("a\nb\n"), digest(attestation, product));
        Files.writeString(source, "other");
        CommandLine.Outcome later = headwater(0, "export", "--store", store(), "--format", "in-toto");
        assertEquals("", digest(later.out(), source));
        assertEquals(sha256("a\nb\n"), digest(later.out(), product));
        assertTrue(later.err()
                .contains("without a digest, as they are gone or have changed since the run: 0 written files, 1 read"),
                later::toString);
    }

    @Test
    void shouldAnswerTheSameOfARunThatWasExportedAndImported() throws Exception {
        record("--quiet");
        for (String format : new String[] {"w3c", "spade", "prov-n"}) {
            Path file = folder.resolve("run." + format);
            headwater(0, "export", "--store", store(), "--format", format, "--output", file.toString());
            String other = folder.resolve("store-" + format).toString();
            CommandLine.Outcome imported = headwater(0, "import", "--store", other, file.toString());
            assertTrue(imported.err().contains(" (" + format + ") as session 1: ")
                    && imported.err().contains(" 0 bad and skipped"),
                    imported::toString);
            headwater(0, "explain", "--store", other, source.toString(), product.toString());
        }
    }
}
