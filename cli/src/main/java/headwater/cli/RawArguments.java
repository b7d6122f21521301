// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.query.Escapes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The arguments as they were given. Java decodes arguments by the locale and loses the bytes that do not fit; Linux
 * still has them in /proc/self/cmdline. An argument that Java may have lost is replaced by its text with {@code \xNN}
 * escapes.
 */
final class RawArguments {
    private RawArguments() {
    }

    static String[] of(String[] decoded) {
        if (Arrays.stream(decoded).allMatch(RawArguments::isAscii)) {
            return decoded;
        }
        try {
            return merge(decoded, Files.readAllBytes(Path.of("/proc/self/cmdline")));
        } catch (IOException e) {
            // Without /proc there is nothing better than what Java made of them.
            return decoded;
        }
    }

    /**
     * The bytes of the process's last {@code decoded.size()} arguments, which Java's decoding may have spoilt. They are taken
     * from what Java made of them where the two do not fit (no /proc, or not this process's own arguments).
     */
    static List<byte[]> bytesOf(List<String> decoded) {
        List<byte[]> bytes = new ArrayList<>();
        byte[] commandLine;
        try {
            commandLine = Files.readAllBytes(Path.of("/proc/self/cmdline"));
        } catch (IOException e) {
            commandLine = new byte[0];
        }
        int end = commandLine.length - 1;
        for (int i = decoded.size() - 1; i >= 0; i--) {
            int start = Math.max(end, 0);
            while (start > 0 && commandLine[start - 1] != 0) {
                start--;
            }
            String text = decoded.get(i);
            byte[] raw = end < 0 ? null : Arrays.copyOfRange(commandLine, start, end);
            boolean fits = raw != null && (!isAscii(text) || Arrays.equals(raw, text.getBytes(StandardCharsets.US_ASCII))
                    || text.contains("\\x"));
            bytes.addFirst(fits ? raw : text.getBytes(StandardCharsets.UTF_8));
            end = start - 1;
        }
        return bytes;
    }

    /** The last arguments of the process are ours; those before are the virtual machine's. */
    static String[] merge(String[] decoded, byte[] commandLine) {
        String[] merged = decoded.clone();
        int end = commandLine.length - 1;
        for (int i = decoded.length - 1; i >= 0 && end >= 0; i--) {
            int start = end;
            while (start > 0 && commandLine[start - 1] != 0) {
                start--;
            }
            if (!isAscii(decoded[i])) {
                merged[i] = Escapes.toText(Arrays.copyOfRange(commandLine, start, end));
            }
            end = start - 1;
        }
        return merged;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }
}
