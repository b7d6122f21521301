// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell script at the root, with Java and Maven replaced by scripts that say what they were called with. */
class LauncherTest {
    private record Result(int status, String out, String err) {
    }

    @TempDir
    Path folder;

    private Path home;
    private Path jvm;
    private Path log;

    @BeforeEach
    void copyLauncher() throws IOException {
        home = Files.createDirectories(folder.resolve("checkout"));
        jvm = Files.createDirectories(folder.resolve("jvm"));
        log = folder.resolve("mvn.log");
        String script = Files.readString(Path.of("..", "headwater"));
        assertTrue(script.contains("/usr/lib/jvm/*"));
        executable(home.resolve("headwater"), script.replace("/usr/lib/jvm/*", jvm + "/*"));
        Path bin = Files.createDirectories(folder.resolve("bin"));
        executable(bin.resolve("mvn"), "#!/bin/sh\necho \"$PWD $*\" >>" + log + "\nsleep 0.3\n[ ! -e " + folder
                + "/broken ] || exit 1\nmkdir -p dist/target/lib\n");
        executable(bin.resolve("dpkg-query"), "#!/bin/sh\necho 'ii '\n");
    }

    private static void executable(Path file, String text) throws IOException {
        Files.writeString(file, text);
        assertTrue(file.toFile().setExecutable(true));
    }

    private Path jdk(Path at, String version) throws IOException {
        Files.createDirectories(at.resolve("bin"));
        executable(at.resolve("bin/java"), "#!/bin/sh\necho \"" + at.getFileName() + " $*\"\n");
        Files.writeString(at.resolve("release"), "IMPLEMENTOR=\"X\"\nJAVA_VERSION=\"" + version
                + "\"\nOS_NAME=\"Linux\"\n");
        return at;
    }

    private Process start(Map<String, String> environment, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeAll(List.of("JAVA_HOME", "HEADWATER_JAVA_HOME"));
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result end(Process process) throws IOException, InterruptedException {
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        return new Result(process.exitValue(), out, err);
    }

    private Result run(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("headwater").toString()));
        command.addAll(List.of(arguments));
        return end(start(environment, command.toArray(String[]::new)));
    }

    @Test
    void shouldTakeTheFirstJdkThatIsNewEnough() throws IOException, InterruptedException {
        jdk(jvm.resolve("a-17"), "17.0.15");
        jdk(jvm.resolve("b-25"), "25.0.3");
        jdk(jvm.resolve("c-26"), "26-ea");
        Path own = jdk(folder.resolve("own"), "25");
        Path old = jdk(folder.resolve("old"), "1.8.0_402");
        assertTrue(run(Map.of()).out().startsWith("b-25 "));
        assertTrue(run(Map.of("JAVA_HOME", own.toString())).out().startsWith("own "));
        assertTrue(run(Map.of("JAVA_HOME", old.toString())).out().startsWith("b-25 "));
        assertTrue(run(Map.of("JAVA_HOME", old.toString(), "HEADWATER_JAVA_HOME", jvm
                + "/c-26")).out().startsWith("c-26 "));
    }

    @Test
    void shouldSayWhereItLookedForAJdk() throws IOException, InterruptedException {
        jdk(jvm.resolve("a-17"), "17.0.15");
        Result result = run(Map.of("JAVA_HOME", "/no/java"));
        assertEquals(4, result.status());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("headwater: no JDK 25 or newer: looked at HEADWATER_JAVA_HOME=(not set), "
                + "JAVA_HOME=/no/java, "), result.err());
    }

    @Test
    void shouldPassArgumentsUntouchedAlsoThroughLinks() throws IOException, InterruptedException {
        jdk(jvm.resolve("b-25"), "25.0.3");
        Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("checkout/headwater"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), link);
        Result result = end(start(Map.of(), second.toString(), "ancestors", "a  b", "*", ""));
        assertEquals("b-25 -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto --enable-native-access=ALL-UNNAMED "
                + "-cp "
                + home.toRealPath() + "/lib/* headwater.cli.Main ancestors a  b * \n", result.out());
        assertEquals("", result.err());
    }

    @Test
    void shouldStartCamflowsCommandWithoutLeavingTheRecord() throws IOException, InterruptedException {
        jdk(jvm.resolve("b-25"), "25.0.3");
        executable(home.resolve("camflow"), Files.readString(Path.of("..", "camflow")));
        Path store = Files.createDirectories(folder.resolve("store"));
        Path opaque = Files.writeString(store.resolve("opaque"), "");
        FileTime before = Files.getLastModifiedTime(opaque);
        Path link = Files.createSymbolicLink(folder.resolve("bin/camflow"), Path.of("../checkout/camflow"));
        Result result = end(start(Map.of("HEADWATER_STORE", store.toString()), link.toString(), "--track-file", "a  b", "true"));
        assertTrue(result.out().endsWith("headwater.cli.Main camflow --track-file a  b true\n"), result.out());
        assertEquals("", result.err());
        assertEquals(before, Files.getLastModifiedTime(opaque));
    }

    private void checkout() throws IOException {
        jdk(jvm.resolve("b-25"), "25.0.3");
        Files.writeString(home.resolve("pom.xml"), "<project/>");
        Files.createDirectories(home.resolve("cli/src/main/java"));
        Files.writeString(home.resolve("cli/src/main/java/A.java"), "class A {}");
    }

    private long builds() throws IOException {
        return Files.exists(log) ? Files.readAllLines(log).size() : 0;
    }

    @Test
    void shouldBuildACheckoutOnceAndAgainWhenASourceIsNewer() throws IOException, InterruptedException {
        checkout();
        Result first = run(Map.of(), "--version");
        assertEquals(0, first.status(), first.err());
        assertTrue(first.err().startsWith("headwater: building"), first.err());
        assertTrue(first.out().contains(home.toRealPath() + "/dist/target/lib/* headwater.cli.Main --version"),
                first.out());
        assertEquals(home.toRealPath() + " -q -B -Dstyle.color=never -DskipTests -pl dist -am package",
                Files.readAllLines(log).getFirst());
        assertEquals("", run(Map.of(), "--version").err());
        assertEquals(1, builds());
        Files.setLastModifiedTime(home.resolve("cli/src/main/java/A.java"),
                FileTime.from(Instant.now().plusSeconds(5)));
        run(Map.of(), "--version");
        assertEquals(2, builds());
    }

    @Test
    void shouldBuildOnceForTwoWhoAskAtTheSameTime() throws IOException, InterruptedException {
        checkout();
        Process one = start(Map.of(), home.resolve("headwater").toString(), "--version");
        Process two = start(Map.of(), home.resolve("headwater").toString(), "--version");
        assertEquals(0, end(one).status());
        assertEquals(0, end(two).status());
        assertEquals(1, builds());
    }

    @Test
    void shouldNotRunWhatCouldNotBeBuilt() throws IOException, InterruptedException {
        checkout();
        Files.createFile(folder.resolve("broken"));
        Result result = run(Map.of(), "--version");
        assertEquals(4, result.status());
        assertEquals("", result.out());
        assertTrue(result.err().contains("headwater: the build failed"), result.err());
        Files.delete(folder.resolve("broken"));
        assertEquals(0, run(Map.of(), "--version").status());
    }

    @Test
    void shouldNotAskForCapturePackagesToAnswerAQuestion() throws IOException, InterruptedException {
        checkout();
        Files.createDirectories(home.resolve("bpf"));
        executable(folder.resolve("bin/dpkg-query"),
                "#!/bin/sh\nfor p in \"$@\"; do :; done\n[ \"$p\" = clang-19 ] || echo 'ii '\n");
        executable(folder.resolve("bin/id"), "#!/bin/sh\necho 1000\n");
        assertEquals(0, run(Map.of(), "ancestors", "/x").status());
        assertTrue(Files.readAllLines(log).getFirst().contains("-Dheadwater.bpf.skip=true"));
        Result capture = run(Map.of(), "run", "--", "true");
        assertEquals(4, capture.status());
        assertTrue(capture.err().contains("Run: sudo apt-get install clang-19"), capture.err());
        executable(folder.resolve("bin/dpkg-query"), "#!/bin/sh\necho 'ii '\n");
        assertEquals(0, run(Map.of(), "run", "--", "true").status());
        assertEquals(2, builds());
    }
}
