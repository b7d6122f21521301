// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.ConfigFiles;
import headwater.agent.Control;
import headwater.agent.Daemon;
import headwater.agent.NodeLookup;
import headwater.agent.Recording;
import headwater.agent.Setup;
import headwater.capture.FrontEnd;
import headwater.capture.KernelFeatures;
import headwater.capture.OnLoss;
import headwater.config.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A daemon in this process that follows no process of the machine: for what is asked of one. Needs root. */
public final class QuietDaemon implements AutoCloseable {
    private final Path store;
    private final Path socket;
    private final Path policy;
    private final Path group;
    private final CompletableFuture<Void> running;

    private QuietDaemon(Path folder, String policy, NodeLookup nodes) throws IOException {
        store = folder.resolve("store");
        socket = folder.resolve("control.sock");
        this.policy = Files.writeString(folder.resolve("camflow.ini"), policy);
        Path outputs = Files.writeString(folder.resolve("camflowd.ini"), "[general]\noutput=null\nformat=w3c\n");
        ConfigFiles files = new ConfigFiles(this.policy, true, outputs, true, Machine.ANY);
        // Packets can be asked for, but there is nobody in this group.
        group = Files.createTempDirectory(KernelFeatures.controlGroups(), "headwater-test-");
        Recording.Plan plan = new Recording.Plan(FrontEnd.TRACE, false, "nothing", 1 << 20, OnLoss.RECORD, Recording.Environment.NONE, group);
        CountDownLatch ready = new CountDownLatch(1);
        running = CompletableFuture.runAsync(() -> {
            try {
                Daemon.run(store, new Setup(plan, files, files.read(), socket, -1, nodes), ready::countDown);
            } catch (IOException | ConfigFiles.RefusedException e) {
                throw new IllegalStateException(e);
            }
        }, task -> Thread.ofPlatform().start(task));
        try {
            while (!ready.await(50, TimeUnit.MILLISECONDS)) {
                if (running.isDone()) {
                    running.join();
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Starts one, and waits until it records.
     *
     * @param folder where its store, its files and its socket are to be
     * @param policy what its camflow.ini says
     * @param nodes what its record knows
     */
    public static QuietDaemon start(Path folder, String policy, NodeLookup nodes) throws IOException {
        return new QuietDaemon(folder, policy, nodes);
    }

    public Path store() {
        return store;
    }

    /** Where the camflow command finds it. */
    public Path socket() {
        return socket;
    }

    /** Its camflow.ini. */
    public Path policy() {
        return policy;
    }

    @Override
    public void close() throws IOException {
        Control.ask(store, Control.STOP);
        running.join();
        Files.delete(group);
    }
}
