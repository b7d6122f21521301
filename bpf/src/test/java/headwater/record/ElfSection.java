// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds a section in a 64-bit little-endian ELF file (elf(5)). */
final class ElfSection {
    private ElfSection() {
    }

    static byte[] read(byte[] elf, String name) {
        ByteBuffer file = ByteBuffer.wrap(elf).order(ByteOrder.LITTLE_ENDIAN);
        int table = Math.toIntExact(file.getLong(40));
        int entryBytes = file.getShort(58);
        int count = file.getShort(60);
        int names = offset(file, table + file.getShort(62) * entryBytes);
        for (int i = 0; i < count; i++) {
            int header = table + i * entryBytes;
            int at = names + file.getInt(header);
            int end = at;
            while (elf[end] != 0) {
                end++;
            }
            if (new String(elf, at, end - at, StandardCharsets.UTF_8).equals(name)) {
                int start = offset(file, header);
                return Arrays.copyOfRange(elf, start, start + Math.toIntExact(file.getLong(header + 32)));
            }
        }
        throw new IllegalArgumentException("no such ELF section: name=" + name);
    }

    private static int offset(ByteBuffer file, int header) {
        return Math.toIntExact(file.getLong(header + 24));
    }
}
