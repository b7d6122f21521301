// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Control;
import headwater.agent.Daemon;
import headwater.agent.OpaqueFile;
import headwater.agent.Recording;
import headwater.capture.kernel.KernelException;
import headwater.store.StoreBusyException;
import headwater.store.StoreDamagedException;
import headwater.store.StoreVersionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Starts the daemon, which records the whole system. */
final class StartVerb implements Verb {
    private static final long READY_WITHIN_NS = TimeUnit.MINUTES.toNanos(3);

    @Override
    public void describe(CommandSpec spec) {
        CaptureOptions.describe(spec);
        spec.addOption(OptionSpec.builder("--foreground").type(boolean.class).arity("0")
                .description("stay, and record until stopped (for a service manager)").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        Path path = StorePath.of(parsed, context).toAbsolutePath();
        if (Control.ask(path, Control.STATUS) != null) {
            throw new Failure(ExitCode.NOT_POSSIBLE, "already recording: store=" + path + "; headwater status says more");
        }
        Recording.Plan plan = CaptureOptions.plan(parsed, true, "");
        if (parsed.hasMatchedOption("--foreground")) {
            return record(path, plan, context);
        }
        return startInBackground(path, parsed, plan, context);
    }

    private static int record(Path path, Recording.Plan plan, Context context) throws Failure, IOException {
        try {
            Daemon.run(path, plan, () -> context.err().println("headwater: recording the whole system (" + plan.frontEnd().text()
                    + ", store " + path + ")"));
            return ExitCode.ANSWERED;
        } catch (StoreDamagedException | StoreVersionException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        } catch (StoreBusyException | UncheckedIOException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
        } catch (KernelException e) {
            throw CaptureOptions.notPossible(e);
        }
    }

    private static int startInBackground(Path path, ParseResult parsed, Recording.Plan plan, Context context)
            throws Failure, IOException {
        // As the store itself makes its folders: it tells what everyone on the machine did.
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path log = path.resolve("daemon.log");
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(thisJava());
        line.addAll(List.of("headwater.cli.Main", "start", "--foreground", "--store", path.toString(), "--front-end",
                plan.frontEnd().text(), "--ring", Integer.toString(plan.ringBytes() >> 20), "--on-loss", plan.onLoss().text()));
        line.addAll(CaptureOptions.environmentWords(plan));
        if (plan.packets() != null) {
            line.addAll(List.of("--packets-of", plan.packets().toString()));
        }
        Process daemon = new ProcessBuilder(line).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile()).redirectErrorStream(true).start();
        long deadline = System.nanoTime() + READY_WITHIN_NS;
        while (System.nanoTime() < deadline && daemon.isAlive()) {
            String status = Control.ask(path, Control.STATUS);
            if (status != null && status.contains("\"running\":true")) {
                OpaqueFile.enter(path);
                context.err().println("headwater: recording the whole system (" + plan.frontEnd().text() + ", pid "
                        + daemon.pid() + ", store " + path + ")");
                return ExitCode.ANSWERED;
            }
            sleep();
        }
        String said = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
        boolean late = daemon.isAlive();
        // Half started, it would hold the store and nobody would know.
        daemon.destroy();
        throw new Failure(late ? ExitCode.NOT_POSSIBLE : daemon.exitValue(),
                "the daemon did not start" + (late ? " within three minutes" : "") + ": log=" + log + (said.isEmpty() ? "" : "\n  " + said.replace("\n", "\n  ")));
    }

    /** A command line for a JVM as the launcher starts one, up to the main class, with a bound on the heap. */
    private static List<String> thisJava() {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Both compilers: this one runs long, and the second halves what a record costs (docs/benchmarks.md).
        line.addAll(List.of("-XX:+UseSerialGC", "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
        return line;
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
