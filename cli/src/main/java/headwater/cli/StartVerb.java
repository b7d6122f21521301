// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Accounts;
import headwater.agent.ConfigFiles;
import headwater.agent.Control;
import headwater.agent.Daemon;
import headwater.agent.OpaqueFile;
import headwater.agent.Recording;
import headwater.agent.Setup;
import headwater.capture.kernel.KernelException;
import headwater.config.CamflowConfig;
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
    /** Has control where the configuration names no group, if there is one of that name. */
    private static final String CAMFLOW_GROUP = "provenance";
    /** Where the launcher leaves the Java options that a recorder has. */
    private static final String JAVA_OPTIONS = "HEADWATER_RECORDER_JAVA";
    /** The kernel verifies all programs before: seconds, but minutes where a processor is emulated. */
    private static final int READY_WITHIN_MINUTES = 10;

    @Override
    public void describe(CommandSpec spec) {
        CaptureOptions.describe(spec);
        ConfigOptions.describe(spec);
        spec.addOption(OptionSpec.builder("--control").type(Path.class).paramLabel("SOCKET")
                .description("where the camflow command finds this daemon (else $" + Control.SOCKET_VARIABLE + ", else "
                        + Control.MACHINE_SOCKET + ")").build());
        spec.addOption(OptionSpec.builder("--foreground").type(boolean.class).arity("0")
                .description("stay, and record until stopped (for a service manager)").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        ConfigFiles files = ConfigOptions.files(parsed, context);
        ConfigFiles.Content content = ConfigOptions.read(files);
        Path path = StorePath.of(parsed, context, content.config()).toAbsolutePath();
        if (Control.ask(path, Control.STATUS) != null) {
            throw new Failure(ExitCode.NOT_POSSIBLE, "already recording: store=" + path + "; headwater status says more");
        }
        Recording.Plan plan = CaptureOptions.plan(parsed, true, "", content.config());
        Setup setup = new Setup(plan, files, content, socket(parsed, context), group(content.config()), new StoreLookup(context));
        if (parsed.hasMatchedOption("--foreground")) {
            content.warnings().forEach(problem -> context.err().println("headwater: " + problem.text()));
            return record(path, setup, context);
        }
        int status = startInBackground(path, parsed, setup, context);
        content.warnings().forEach(problem -> context.err().println("headwater: " + problem.text()));
        return status;
    }

    private static Path socket(ParseResult parsed, Context context) {
        Path asked = parsed.matchedOptionValue("--control", (Path) null);
        String named = context.environment().getOrDefault(Control.SOCKET_VARIABLE, "");
        return asked != null ? asked.toAbsolutePath() : named.isEmpty() ? Control.MACHINE_SOCKET : Path.of(named).toAbsolutePath();
    }

    /** The number of the group whose members may use the machine's socket; -1 for nobody. */
    private static int group(CamflowConfig config) throws Failure, IOException {
        String name = config.settings().group();
        int group = Accounts.group(name.isEmpty() ? CAMFLOW_GROUP : name);
        if (group < 0 && !name.isEmpty()) {
            throw new Failure(ExitCode.WRONG_USE, "no such group: section=headwater, key=group, value=" + name + "; groupadd " + name);
        }
        return group;
    }

    private static int record(Path path, Setup setup, Context context) throws Failure, IOException {
        try {
            Daemon.run(path, setup, () -> {
                String recording = "recording " + what(setup) + " (" + setup.plan().frontEnd().text() + ", store " + path + ")";
                context.err().println("headwater: " + recording);
                ReadyNotice.ready(recording, context);
            });
            return ExitCode.ANSWERED;
        } catch (StoreDamagedException | StoreVersionException e) {
            throw new Failure(ExitCode.DAMAGED, e.getMessage(), e);
        } catch (StoreBusyException | UncheckedIOException e) {
            throw new Failure(ExitCode.NOT_POSSIBLE, e.getMessage(), e);
        } catch (KernelException e) {
            throw CaptureOptions.notPossible(e);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    /** What is recorded, in words. */
    private static String what(Setup setup) {
        CamflowConfig.Provenance policy = setup.content().config().provenance();
        if (!setup.content().isFromFile()) {
            return "the whole system";
        }
        return (!policy.enabled() ? "nothing, as enabled is not true," : policy.all() ? "the whole system" : "what is tracked")
                + " by " + setup.files().policy();
    }

    private static int startInBackground(Path path, ParseResult parsed, Setup setup, Context context)
            throws Failure, IOException {
        Recording.Plan plan = setup.plan();
        // As the store itself makes its folders: it tells what everyone on the machine did.
        Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path log = path.resolve("daemon.log");
        List<String> line = new ArrayList<>(List.of("setsid"));
        line.addAll(thisJava(context));
        line.addAll(List.of("headwater.cli.Main", "start", "--foreground", "--store", path.toString(), "--front-end",
                plan.frontEnd().text(), "--ring", Integer.toString(plan.ringBytes() >> 20), "--on-loss", plan.onLoss().text()));
        line.addAll(CaptureOptions.environmentWords(plan));
        if (plan.packets() != null) {
            line.addAll(List.of("--packets-of", plan.packets().toString()));
        }
        line.addAll(ConfigOptions.words(parsed));
        line.addAll(List.of("--control", setup.socket().toString()));
        Process daemon = new ProcessBuilder(line).redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(log.toFile()).redirectErrorStream(true).start();
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(READY_WITHIN_MINUTES);
        while (System.nanoTime() < deadline && daemon.isAlive()) {
            String status = Control.ask(path, Control.STATUS);
            if (status != null && status.contains("\"running\":true")) {
                OpaqueFile.enter(path);
                context.err().println("headwater: recording " + what(setup) + " (" + plan.frontEnd().text() + ", pid "
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
                "the daemon did not start" + (late ? " within " + READY_WITHIN_MINUTES + " minutes" : "") + ": log=" + log
                        + (said.isEmpty() ? "" : "\n  " + said.replace("\n", "\n  ")));
    }

    /** A command line for a JVM as the launcher has started this one, up to the main class. */
    private static List<String> thisJava(Context context) {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        String options = context.environment().getOrDefault(JAVA_OPTIONS, "").strip();
        if (!options.isEmpty()) {
            line.addAll(List.of(options.split(" +")));
        }
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path")));
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
