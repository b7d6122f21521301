// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import headwater.config.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A daemon in this process that records one script, on this machine's own kernel, and nothing else. */
final class RecordedDaemon implements AutoCloseable {
    /** The group that may use the machine's socket. */
    static final int GROUP = 4242;
    private static final int RING_BYTES = 1 << 22;

    private final Path folder;
    private final GatedCommand gated;
    private final CompletableFuture<Void> daemon;

    private RecordedDaemon(Path folder, GatedCommand gated, CompletableFuture<Void> daemon) {
        this.folder = folder;
        this.gated = gated;
        this.daemon = daemon;
    }

    /**
     * Starts both; the script begins when {@link #go} is called.
     *
     * @param folder where the script runs, with the store in it
     * @param socket the machine's, null for none
     */
    static RecordedDaemon start(Path folder, Path config, Path outputs, Path socket, String script) throws Exception {
        ConfigFiles files = new ConfigFiles(config, true, outputs, true, Machine.ANY);
        Setup setup = new Setup(new Recording.Plan(FrontEnd.TRACE, false, "sh", RING_BYTES), files, files.read(), socket, GROUP,
                NodeLookup.NONE);
        GatedCommand gated = GatedCommand.start(CommandRun.words(List.of("/bin/sh", "-c", "cd " + folder
                + "; until [ -e go ]; do sleep 0.05; done\n" + script)));
        CountDownLatch ready = new CountDownLatch(1);
        CompletableFuture<Void> daemon = CompletableFuture.runAsync(() -> {
            try {
                Daemon.run(folder.resolve("store"), setup, recording -> {
                    recording.adopt(gated.pid());
                    gated.release();
                    ready.countDown();
                });
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().start(task));
        while (!ready.await(100, TimeUnit.MILLISECONDS)) {
            if (daemon.isDone()) {
                daemon.join();
            }
        }
        return new RecordedDaemon(folder, gated, daemon);
    }

    Path store() {
        return folder.resolve("store");
    }

    /** What is answered to a request that must be right. */
    String ask(String request) throws IOException {
        String answer = Control.ask(store(), request);
        assertTrue(answer != null && answer.contains("\"ok\":true"), answer);
        return answer;
    }

    void stop() throws IOException {
        ask(Control.STOP);
        daemon.join();
    }

    void begin() throws IOException {
        Files.createFile(folder.resolve("go"));
    }

    void awaitScript() throws InterruptedException {
        while (gated.isAlive()) {
            Thread.sleep(20);
        }
    }

    /** Runs the script to its end, which must be well. */
    void go() throws Exception {
        begin();
        awaitScript();
        assertEquals(0, gated.status());
    }

    @Override
    public void close() throws IOException {
        if (!daemon.isDone()) {
            Control.ask(store(), Control.STOP);
        }
        gated.close();
    }
}
