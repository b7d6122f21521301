// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not there is named, and so is the next step. */
class MissingPartsTest {
    @TempDir
    Path folder;

    /** The kernel's types are hidden in a mount namespace of the test's own. */
    private List<String> withoutBtf(String... arguments) {
        List<String> words = new ArrayList<>(List.of("unshare", "-m", "sh", "-c",
                "mount -t tmpfs none /sys/kernel/btf && exec \"$@\"", "sh"));
        words.addAll(CommandLine.of(arguments));
        return words;
    }

    @Test
    void shouldSayThatTheKernelHasNoBtf() throws Exception {
        Path ran = folder.resolve("ran");
        CommandLine.Outcome outcome = CommandLine.execute(folder,
                withoutBtf("run", "--store", folder.resolve("store").toString(), "--", "touch", ran.toString()));
        assertEquals(4, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("the kernel has no BTF"), outcome::toString);
        assertTrue(outcome.err().contains("headwater doctor"), outcome::toString);
        assertFalse(Files.exists(ran), "the command ran unrecorded");
    }

    @Test
    void shouldDiagnoseAKernelWithoutBtf() throws Exception {
        CommandLine.Outcome outcome = CommandLine.execute(folder, withoutBtf("doctor"));
        assertEquals(4, outcome.status(), outcome::toString);
        assertTrue(outcome.out().contains("Capture is not possible here."), outcome::toString);
    }

    @Test
    void shouldSayThatThereIsNoClang() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Files.createSymbolicLink(tools.resolve("dirname"), Path.of("/usr/bin/dirname"));
        CommandLine.Outcome outcome = CommandLine.execute(folder, List.of("/usr/bin/env", "-i", "PATH=" + tools, "/bin/sh",
                Build.checkout().resolve("bpf/build").toString(), folder.resolve("objects").toString()));
        assertEquals(1, outcome.status(), outcome::toString);
        assertTrue(outcome.err().contains("no clang found"), outcome::toString);
        assertTrue(outcome.err().contains("apt-get install clang-19"), outcome::toString);
    }
}
