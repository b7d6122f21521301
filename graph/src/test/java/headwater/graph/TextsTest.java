// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TextsTest {
    @Test
    void shouldNumberTextsInTheirOrder() {
        Texts texts = new Texts();
        List<String> all = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            // "Aa" and "BB" have one hash, and so has whatever ends in them.
            all.add("/folder/" + i / 2 + (i % 2 == 0 ? "Aa" : "BB"));
        }
        for (String text : all) {
            assertEquals(-1, texts.number(text));
            assertEquals(all.indexOf(text), texts.add(text));
        }
        for (int i = 0; i < all.size(); i++) {
            assertEquals(i, texts.number(all.get(i)));
            assertEquals(all.get(i), texts.get(i));
        }
        assertEquals(-1, texts.number("/other"));
    }
}
