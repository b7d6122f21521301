// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
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
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            assertNotNull(e.getMessage());
        }
    }

    @Test
    void shouldFindFunctions() {
        assertTrue(Btf.parse(whole).functions().contains("sys_enter"));
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
