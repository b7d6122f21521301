// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Session;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunDiffTest {
    @ParameterizedTest
    @CsvSource({"/proc/4711/maps, /proc/PID/maps", "/proc/1/task/22/stat, /proc/PID/task/PID/stat", "/home/ann/x, ~/x", "/root, ~", "/rooted, /rooted",
        "/tmp/ccAbc123.s, /tmp/TEMP.s", "/tmp/cckqzwxy.o, /tmp/TEMP.o", "/tmp/tmp.Xa93kdLq0P/out, /tmp/tmp.TEMP/out", "/tmp/out, /tmp/out",
        "/tmp/report, /tmp/report", "/etc/passwd, /etc/passwd", "/usr/lib/debug/.build-id/ab/0123456789abcdef0123456789abcdef012345.debug, /usr/lib/debug/.build-id/HASH.debug",
        "/var/log/x-2026-11-20T10:00:00Z.log, /var/log/x-TIME.log", "/var/log/x-20261120.gz, /var/log/x-TIME.gz", "/s/1795168800/a, /s/TIME/a",
        "/v/6b1d2f0e-0000-4000-8000-000000000001/a, /v/UUID/a", "/usr/lib/libc.so.6, /usr/lib/libc.so.6", "pipe:[1234], pipe:[N]",
        "/cache/9f86d081884c7d659a2feaa0, /cache/HASH", "/etc/.pwd.aX93kd, /etc/.pwd.TEMP", "/usr/share/python3, /usr/share/python3",
        "/src/defaced, /src/defaced", "/usr/include/x86_64-linux-gnu/bits, /usr/include/x86_64-linux-gnu/bits"})
    void shouldLeaveOutWhatDiffersByChance(String path, String name) {
        assertEquals(name, RunNames.ALIKE.file(path));
        assertEquals(path, RunNames.EXACT.file(path));
    }

    @Test
    void shouldLeaveOutPortsThatTheKernelChose() {
        assertEquals("10.0.0.1:PORT", RunNames.ALIKE.address("10.0.0.1:45678"));
        assertEquals("10.0.0.1:443", RunNames.ALIKE.address("10.0.0.1:443"));
        assertEquals("10.0.0.1:45678", RunNames.EXACT.address("10.0.0.1:45678"));
    }

    @Test
    void shouldTellTwoRunsApart() {
        Scene scene = new Scene();
        scene.exec(1, "/bin/a", "a").read(1, "/in/both").read(1, "/in/one").write(1, "/tmp/tmp.aB3dE6gH9k").end();
        scene.advance(1_000_000_000);
        MemoryGraph graph = scene.graph();
        graph.sessionStart(new Session(2, "b", 3, 7, "trace", "tree", "second", scene.now() + 1, 0));
        scene.advance(1_000_000);
        scene.write(5, "/in/both").exec(2, "/bin/a", "a").read(2, "/in/both").write(2, "/tmp/tmp.zZ3dE6gH9k").end();
        scene.connect(2, "10.0.0.2:40000", "10.0.0.1:443");
        List<Session> sessions = graph.sessions();
        RunDiff.Result result = RunDiff.of(new RunDiff.Run(graph, sessions.get(0), RunNames.ALIKE),
                new RunDiff.Run(graph, sessions.get(1).withEnd(0), RunNames.ALIKE), true, Patience.endless());
        assertEquals(List.of("READ /in/one"), result.onlyFirst().stream().map(done -> done.act() + " " + done.name()).toList());
        assertEquals(List.of("SENT tcp 10.0.0.1:443", "WROTE /in/both"), result.onlySecond().stream().map(done -> done.act() + " " + done.name()).toList());
        assertEquals(List.of("/in/both"), result.changed().stream().map(RunDiff.Changed::name).toList());
        assertTrue(result.changed().getFirst().how().startsWith("written in between (version 0, then "), result.toString());
        assertTrue(result.common() >= 3, result.toString());
        RunDiff.Result exact = RunDiff.of(new RunDiff.Run(graph, sessions.get(0), RunNames.EXACT),
                new RunDiff.Run(graph, sessions.get(1).withEnd(0), RunNames.EXACT), true, Patience.endless());
        assertEquals(2, exact.onlyFirst().size(), exact.toString());
    }
}
