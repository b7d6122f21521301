// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Receives datagrams of a UNIX socket: a few lines of Python, as the JDK has no such sockets and another program is the better witness.
 * It checks that a zero byte ends each datagram, and no other is in it, and prints the rest as a JSON string.
 */
final class DatagramReceiver implements AutoCloseable {
    private static final String PROGRAM = """
            import json, socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            while True:
                d = s.recv(1 << 22)
                assert d[-1] == 0 and 0 not in d[:-1]
                print(json.dumps(d[:-1].decode('utf-8')), flush=True)
            """;

    private final Process process;
    private final BufferedReader lines;

    private DatagramReceiver(Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    static DatagramReceiver bind(Path address) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("python3", "-c", PROGRAM, address.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!Files.exists(address) && process.isAlive() && System.nanoTime() < deadline) {
            Thread.sleep(10);
        }
        return new DatagramReceiver(process);
    }

    /** The next datagram, without its zero byte. */
    String document() throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw new IOException("receiver ended");
        }
        return StrictConsumer.text(line);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
