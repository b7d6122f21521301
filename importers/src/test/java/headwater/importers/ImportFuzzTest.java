// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.importers.StatementSink.Position;
import headwater.model.StatementChunk.Dialect;
import headwater.query.MemoryGraph;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes, each reader comes to their end, and says of what it does not take where it stands. */
class ImportFuzzTest {
    private static final class Counting implements StatementSink {
        private long statements;
        private long bad;

        @Override
        public void statement(Dialect dialect, String section, String id, String bundle, String body, Position at) {
            JsonBody.of(body);
            check(at);
            statements++;
        }

        @Override
        public void prefix(String prefix, String uri) {
            assertTrue(prefix != null && uri != null);
        }

        @Override
        public void bad(Position at, String reason) {
            check(at);
            assertTrue(!reason.isEmpty());
            bad++;
        }

        private static void check(Position at) {
            assertTrue(at.line() >= 1 && at.column() >= 0, at::toString);
        }
    }

    @FuzzTest
    void comesToTheEnd(byte[] bytes) throws IOException {
        readAll(bytes);
    }

    private static Counting readAll(byte[] bytes) throws IOException {
        Counting sink = new Counting();
        new W3cReader(new ByteArrayInputStream(bytes), sink).read();
        new SpadeReader(new ByteArrayInputStream(bytes), sink).read();
        new ProvNReader(new ByteArrayInputStream(bytes), sink).read();
        new AuditReader(new ByteArrayInputStream(bytes), sink).read();
        ImportFormat.of(Arrays.copyOf(bytes, Math.min(bytes.length, 4096)));
        return sink;
    }

    private static final String[] SEEDS = {
        "{\"prefix\":{\"cf\":\"http://www.camflow.org\"}, \"entity\":{\"cf:a\":{\"prov:type\":\"file\",\"cf:id\":\"1\"}}, \"used\":{\"cf:u\":"
                + "{\"prov:entity\":\"cf:a\",\"prov:activity\":\"cf:b\"}}}\n",
        "{\"type\":\"Entity\",\"id\":\"x\",\"annotations\": {\"object_type\":\"file\"}}\n{\"type\":\"Used\",\"from\":\"y\",\"to\":\"x\","
                + "\"annotations\": {}}\n",
        "document\nprefix ex <http://x>\nentity(ex:a, [ex:b=\"c\" %% xsd:string])\nused(ex:u; ex:b, ex:a, -)\nendDocument\n",
        "type=SYSCALL msg=audit(1700000000.300:12): arch=c000003e syscall=257 success=yes exit=3 a2=80000 ppid=1 pid=2 exe=\"/x\"\n"
                + "type=PATH msg=audit(1700000000.300:12): item=0 name=2F61 inode=9 dev=08:01 mode=0100644 nametype=NORMAL\n"
                + "type=SOCKADDR msg=audit(1700000000.300:12): saddr=02000050ACD915AE\ntype=EOE msg=audit(1700000000.300:12):\n"};

    @Test
    void shouldSurviveMutatedSources() throws IOException {
        long seed = System.nanoTime();
        System.out.println("ImportFuzzTest seed=" + seed);
        Random random = new Random(seed);
        long taken = 0;
        long refused = 0;
        Path folder = Files.createTempDirectory("import");
        for (int i = 0; i < 400; i++) {
            byte[] whole = SEEDS[i % SEEDS.length].repeat(1 + random.nextInt(3)).getBytes(StandardCharsets.UTF_8);
            byte[] mutated = Arrays.copyOf(whole, whole.length - random.nextInt(20));
            for (int n = random.nextInt(4); n > 0; n--) {
                mutated[random.nextInt(mutated.length)] = random.nextBoolean() ? (byte) random.nextInt()
                        : (byte) "\n\"{}[]():,\\= ".charAt(random.nextInt(13));
            }
            try {
                Counting found = readAll(mutated);
                taken += found.statements;
                refused += found.bad;
                if (i % 20 == 0) {
                    load(folder, mutated);
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed=" + seed + ", round=" + i + ", source="
                        + new String(mutated, StandardCharsets.ISO_8859_1), e);
            }
        }
        Files.delete(folder);
        assertTrue(taken > 0 && refused > 0, "taken=" + taken + ", refused=" + refused + ", seed=" + seed);
    }

    /**
     * What was read can be put into a graph, whatever it was; a graph that is not checked for order, as a source may
     * have cycles.
     */
    private static void load(Path folder, byte[] source) throws IOException {
        for (ImportFormat format : ImportFormat.values()) {
            try (Import one = new Import("fuzz", folder, 1, line -> { })) {
                one.read(new ByteArrayInputStream(source), format);
                try {
                    one.load(new MemoryGraph(), new ImportTarget(1, 0, 0, 0, 1, 1), 2);
                } catch (IllegalStateException | AssertionError e) {
                    // The graph in memory refuses flows into what has been seen; a store takes them.
                    assertEquals(true, String.valueOf(e.getMessage()).contains("flow into a seen node"), e::toString);
                }
            }
        }
    }
}
