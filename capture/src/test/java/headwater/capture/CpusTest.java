// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpusTest {
    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"0; 1", "0-7; 8", "0-3,8,10-11; 12", "10-11,0-3; 12", "511; 512"})
    void shouldTakeTheHighestNumber(String ranges, int want) {
        assertEquals(want, Cpus.parse(ranges));
    }

    @Test
    void shouldNotGuess() {
        assertThrows(NumberFormatException.class, () -> Cpus.parse(""));
        assertThrows(NumberFormatException.class, () -> Cpus.parse("0-"));
    }
}
