// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PlainTextTest {
    @Test
    void shouldKeepWhatIsTextAndSpellOutWhatIsNot() {
        byte[] plain = "/srv/\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        assertTrue(PlainText.isPlain(plain));
        assertEquals("/srv/\u00e9\ud83d\ude00", PlainText.of(plain));
        byte[] mixed = {'a', (byte) 0xff, (byte) 0xc3, 'b', 0, (byte) 0xe2, (byte) 0x82};
        assertFalse(PlainText.isPlain(mixed));
        assertEquals("a\\xff\\xc3b\\x00\\xe2\\x82", PlainText.of(mixed));
        assertFalse(PlainText.isPlain(new byte[] {0}));
        assertEquals("", PlainText.of(new byte[0]));
    }
}
