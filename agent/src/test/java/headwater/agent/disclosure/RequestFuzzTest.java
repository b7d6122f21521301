// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is sent, it is a request or malformed, and what is a request keeps the bounds. */
class RequestFuzzTest {
    private static final String LINE = "{\"id\":\"7\",\"disclose\":{\"nodes\":[{\"name\":\"a\",\"class\":\"activity\",\"label\":\"resize\","
            + "\"attributes\":{\"w\":1.5,\"app:ok\":true}}],\"relations\":[{\"relation\":\"wasDerivedFrom\",\"effect\":{\"path\":\"/o\"},"
            + "\"cause\":{\"descriptor\":1},\"only\":true}],\"log\":[{\"text\":\"GET /\",\"file\":{\"path\":\"/i\"}}]}}";

    @FuzzTest
    void readsOrSaysWhatIsWrong(byte[] line) {
        read(line);
    }

    private static boolean read(byte[] line) {
        Request request;
        try {
            request = RequestParser.parse(line);
        } catch (MalformedRequestException e) {
            assertFalse(e.getMessage().isEmpty());
            return false;
        }
        if (request.body() instanceof Request.Disclose told) {
            for (Request.Node node : told.nodes()) {
                assertTrue(node.kind().isDisclosed());
                assertTrue(node.attributes().getBytes(StandardCharsets.UTF_8).length <= RequestParser.TEXT_BYTES_MAX);
            }
            assertTrue(told.size() <= 3 * RequestParser.LIST_MAX);
        }
        return true;
    }

    @Test
    void readsOrSaysWhatIsWrongOfLinesThatWereRight() {
        long seed = Long.getLong("headwater.seed", System.nanoTime());
        Random random = new Random(seed);
        int right = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] line = LINE.getBytes(StandardCharsets.UTF_8);
            for (int change = random.nextInt(4); change > 0; change--) {
                int at = random.nextInt(line.length);
                switch (random.nextInt(3)) {
                    case 0 -> line[at] = (byte) random.nextInt(256);
                    case 1 -> line[at] = line[random.nextInt(line.length)];
                    default -> {
                        int from = random.nextInt(line.length);
                        System.arraycopy(line, from, line, at, Math.min(random.nextInt(20), line.length - Math.max(from, at)));
                    }
                }
            }
            right += read(line) ? 1 : 0;
        }
        assertTrue(right > 1000, "seed " + seed + ", right " + right);
    }
}
