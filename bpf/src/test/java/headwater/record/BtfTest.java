// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** BTF that is cut or spoilt: refused, or read as far as it goes; never a hang, never another exception. */
@Timeout(20)
class BtfTest {
    private final byte[] whole = ElfSection.read(KernelObjects.read("trace"), ".BTF");

    private static void readOrRefuse(byte[] btf) {
        try {
            assertNotNull(Btf.parse(btf).functions());
            assertNotNull(Btf.parse(btf).tracepoints());
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            assertNotNull(e.getMessage());
        }
    }

    @Test
    void shouldFindFunctions() {
        assertTrue(Btf.parse(whole).functions().contains("sys_enter"));
    }

    @Test
    void shouldTellHowManyArgumentsATracepointHas() {
        // Types 1 to 3: void (*)(void *, int, int), and its name as the kernel's BTF has it.
        String strings = "\0btf_trace_one\0";
        ByteBuffer btf = ByteBuffer.allocate(128).order(ByteOrder.LITTLE_ENDIAN);
        btf.putShort((short) 0xeb9f).put((byte) 1).put((byte) 0).putInt(24).putInt(0).putInt(60).putInt(60)
                .putInt(strings.length());
        btf.putInt(0).putInt(13 << 24 | 3).putInt(0);
        for (int argument = 0; argument < 3; argument++) {
            btf.putInt(0).putInt(0);
        }
        btf.putInt(0).putInt(2 << 24).putInt(1);
        btf.putInt(1).putInt(8 << 24).putInt(2);
        btf.put(strings.getBytes(StandardCharsets.US_ASCII));
        assertEquals(Map.of("one", 2), Btf.parse(Arrays.copyOf(btf.array(), btf.position())).tracepoints());
    }

    @Test
    void shouldRefuseWhatIsNone() {
        assertThrows(IllegalArgumentException.class, () -> Btf.parse(new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Btf.parse(new byte[64]));
    }

    @Test
    void shouldRefuseWhatIsCut() {
        assertThrows(IndexOutOfBoundsException.class, () -> Btf.parse(Arrays.copyOf(whole, whole.length / 4)));
        for (int length = 0; length < whole.length; length += 97) {
            readOrRefuse(Arrays.copyOf(whole, length));
        }
    }

    @Test
    void shouldBearSpoiltBytes() {
        long seed = System.nanoTime();
        System.out.println("BtfTest: seed=" + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            byte[] spoilt = whole.clone();
            for (int i = 1 + random.nextInt(20); i > 0; i--) {
                // Half of them in the header and the first types, where it hurts.
                spoilt[random.nextInt(random.nextBoolean() ? 64 : spoilt.length)] = (byte) random.nextInt();
            }
            readOrRefuse(spoilt);
        }
    }
}
