// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private static byte[] address(String text) throws UnknownHostException {
        byte[] bytes = InetAddress.getByName(text).getAddress();
        if (bytes.length == 16) {
            return bytes;
        }
        byte[] mapped = new byte[16];
        mapped[10] = -1;
        mapped[11] = -1;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return mapped;
    }

    @Test
    void writesIpv6AsRfc5952Says() throws UnknownHostException {
        for (String text : new String[] {"2001:db8::1", "::1", "::", "fe80::1:0:0:2", "2001:db8:0:1:1:1:1:1",
            "2001:0:0:1::1", "1:2:3:4:5:6:7:8", "1::", "64:ff9b::102:304", "2001:db8::a:0:0:1"}) {
            assertEquals("[" + text + "]:443", Addresses.inet(address(text), 443));
        }
    }

    @Test
    void theFirstOfTwoEqualRunsOfZeroesIsCut() throws UnknownHostException {
        assertEquals("[2001:db8::1:0:0:1]:1", Addresses.inet(address("2001:db8:0:0:1:0:0:1"), 1));
    }

    @Test
    void writesIpv4Plainly() throws UnknownHostException {
        assertEquals("192.0.2.7:80", Addresses.inet(address("192.0.2.7"), 80));
    }

    @Test
    void knowsWildcards() throws UnknownHostException {
        assertTrue(Addresses.isWildcard(address("::")));
        assertTrue(Addresses.isWildcard(address("0.0.0.0")));
        assertFalse(Addresses.isWildcard(address("127.0.0.1")));
        assertFalse(Addresses.isWildcard(address("::1")));
    }

    @Test
    void namesUnixSockets() {
        assertEquals("/run/x", Addresses.unix("/run/x\0"));
        assertEquals("@x", Addresses.unix("\0x"));
        assertEquals("", Addresses.unix(""));
    }
}
