// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class GatedCommandTest {
    @TempDir
    Path folder;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Runs a command through the gate's script, and gives back the words that the command got. */
    private byte[] wordsGot(List<byte[]> words) throws Exception {
        Path got = folder.resolve("got");
        List<byte[]> command = new ArrayList<>(List.of(bytes("/bin/sh"), bytes("-c"),
                bytes("out=$1; shift; printf '%s\\0' \"$@\" > \"$out\""), bytes("sh"), bytes(got.toString())));
        command.addAll(words);
        try (GatedCommand gated = GatedCommand.start(command)) {
            assertFalse(Files.exists(got), "it ran before it was released");
            gated.release();
            while (gated.isAlive()) {
                Thread.sleep(1);
            }
            assertEquals(0, gated.status());
        }
        return Files.readAllBytes(got);
    }

    private static byte[] joined(List<byte[]> words) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] word : words) {
            joined.write(word);
            joined.write(0);
        }
        return joined.toByteArray();
    }

    @Test
    void shouldPassWordsOnAsTheyAre() throws Exception {
        List<byte[]> words = List.of(bytes(""), bytes(" "), bytes("it's"), bytes("''"), bytes("\"$HOME\" `id` $(id) \\"),
                bytes("a\nb\n\n"), bytes("\n"), bytes("\u00e9\u00ff\n"), bytes("%s\\0101\u0080'"), bytes("x\u00e9"), bytes("-n"),
                bytes("*"), bytes("~"), bytes("a=b"));
        assertArrayEquals(joined(words), wordsGot(words));
    }

    @Test
    void shouldPassAnyBytesOn() throws Exception {
        long seed = System.nanoTime();
        System.out.println("GatedCommandTest: seed=" + seed);
        Random random = new Random(seed);
        List<byte[]> words = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] word = new byte[random.nextInt(40)];
            for (int at = 0; at < word.length; at++) {
                word[at] = (byte) (1 + random.nextInt(random.nextBoolean() ? 127 : 255));
            }
            words.add(word);
        }
        assertArrayEquals(joined(words), wordsGot(words), () -> "seed=" + seed);
    }

    @Test
    void shouldGiveTheStatusOfTheCommand() throws Exception {
        for (String[] one : new String[][] {{"exit 7", "7"}, {"kill -9 $$", "137"}}) {
            try (GatedCommand gated = GatedCommand.start(List.of(bytes("sh"), bytes("-c"), bytes(one[0])))) {
                gated.release();
                while (gated.isAlive()) {
                    Thread.sleep(1);
                }
                assertEquals(Integer.parseInt(one[1]), gated.status(), one[0]);
            }
        }
    }

    @Test
    void shouldNotLeaveAGateThatWasNeverOpened() throws Exception {
        Path ran = folder.resolve("ran");
        GatedCommand gated = GatedCommand.start(List.of(bytes("touch"), bytes(ran.toString())));
        ProcessHandle gate = ProcessHandle.of(gated.pid()).orElseThrow();
        gated.close();
        gate.onExit().get(10, TimeUnit.SECONDS);
        assertFalse(Files.exists(ran));
    }

    @Test
    void shouldLeaveACommandThatRuns() throws Exception {
        GatedCommand gated = GatedCommand.start(List.of(bytes("sleep"), bytes("20")));
        gated.release();
        gated.close();
        assertTrue(gated.isAlive());
        ProcessHandle.of(gated.pid()).orElseThrow().destroyForcibly();
    }
}
