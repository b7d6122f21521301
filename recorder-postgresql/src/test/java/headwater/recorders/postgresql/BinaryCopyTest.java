// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BinaryCopyTest {
    @Test
    void shouldWriteFieldsBigEndianWithTheirLengths() {
        BinaryCopy copy = new BinaryCopy();
        copy.row(6).putShort(1).putInt(-2).putLong(3).putKnown(-1).putBytes(new byte[] {'a'}).putNull();
        byte[] end = copy.end();
        assertEquals("5047434f50590aff0d0a00" + "0000000000000000" + "0006" + "000000020001" + "00000004fffffffe"
                + "000000080000000000000003" + "ffffffff" + "0000000161" + "ffffffff" + "ffff",
                HexFormat.of().formatHex(Arrays.copyOf(end, copy.length())));
        assertEquals(1, copy.rows());
    }
}
