// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.Privileges;
import headwater.agent.Recording;
import headwater.capture.FrontEnd;
import headwater.capture.KernelFeatures;
import headwater.capture.OnLoss;
import headwater.capture.kernel.KernelException;
import headwater.config.CamflowConfig;
import headwater.config.RawText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options of the verbs that capture, and whether capture is possible at all. */
final class CaptureOptions {
    private static final int RING_MIB = 16;

    private CaptureOptions() {
    }

    static void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--front-end").type(String.class).paramLabel("NAME").defaultValue("auto")
                .description("where flows are seen: auto, lsm, fexit or trace (auto: the best that the kernel takes)").build());
        spec.addOption(OptionSpec.builder("--ring").type(int.class).paramLabel("MIB").defaultValue(Integer.toString(RING_MIB))
                .description("size of each CPU's ring, a power of two from 1 to 512 (" + RING_MIB + ")").build());
        spec.addOption(OptionSpec.builder("--on-loss").type(String.class).paramLabel("POLICY")
                .defaultValue(OnLoss.RECORD.text()).description("what gives way when more happens than can be recorded:"
                        + " record (what does not fit is left out and counted), shed (reads and writes first, programs and"
                        + " connections last), block (the operation: it fails with EAGAIN; front-end lsm only) (record)").build());
        spec.addOption(OptionSpec.builder("--environment").type(boolean.class).arity("0")
                .description("record the names of the environment variables of executed programs").build());
        spec.addOption(OptionSpec.builder("--environment-values").type(boolean.class).arity("0")
                .description("record their values too, which may be secrets").build());
        spec.addOption(OptionSpec.builder("--packets").type(boolean.class).arity("0")
                .description("record each packet, under the name that its other end gives it too").build());
        spec.addOption(OptionSpec.builder("--packets-of").type(Path.class).paramLabel("CGROUP")
                .description("the same, but of the sockets of one control group (folder of the unified hierarchy)").build());
    }

    /** The control group whose packets are wanted, null if none are. */
    private static Path packets(ParseResult parsed, CamflowConfig.Settings settings) throws Failure {
        Path group = parsed.matchedOptionValue("--packets-of", (Path) null);
        boolean some = !settings.packets().equals(CamflowConfig.Settings.NO_PACKETS);
        if (group == null && (parsed.matchedOptionValue("--packets", false) || some)) {
            group = KernelFeatures.controlGroups();
            if (group == null) {
                throw new Failure(ExitCode.NOT_POSSIBLE, "packets are seen by control groups, and their unified hierarchy is not"
                        + " mounted; mount -t cgroup2 cgroup2 /sys/fs/cgroup");
            }
            if (some && !settings.packets().equals(CamflowConfig.Settings.ALL_PACKETS)) {
                group = below(group, settings.packets());
            }
        }
        if (group != null && !Files.isRegularFile(group.resolve("cgroup.procs"))) {
            throw new Failure(ExitCode.WRONG_USE, "no control group: --packets-of=" + group
                    + "; name a folder of the unified hierarchy (cgroup2)");
        }
        return group;
    }

    /** @param path of a control group in the hierarchy, which begins with a slash */
    private static Path below(Path hierarchy, RawText path) throws Failure {
        if (path.utf8() == null) {
            throw new Failure(ExitCode.WRONG_USE, "the path of a control group is no UTF-8: packets=" + path + "; name another");
        }
        return hierarchy.resolve(path.utf8().substring(1));
    }

    /**
     * What the command line asks for.
     *
     * @param command what is run, for people
     * @throws Failure {@link ExitCode#WRONG_USE}, or {@link ExitCode#NOT_POSSIBLE} if nothing can be captured here
     */
    static Recording.Plan plan(ParseResult parsed, boolean wholeSystem, String command) throws Failure {
        return plan(parsed, wholeSystem, command, CamflowConfig.withoutFile());
    }

    /** As the other, where the command line comes before what {@code config} says. */
    static Recording.Plan plan(ParseResult parsed, boolean wholeSystem, String command, CamflowConfig config) throws Failure {
        CamflowConfig.Settings settings = config.settings();
        int ring = parsed.hasMatchedOption("--ring") ? parsed.matchedOptionValue("--ring", RING_MIB) : config.ringMib();
        if (Integer.bitCount(ring) != 1 || ring < 1 || ring > 512) {
            throw new Failure(ExitCode.WRONG_USE, "wrong ring size: --ring=" + ring + "; use 1, 2, 4, … 512");
        }
        String name = parsed.hasMatchedOption("--front-end") ? parsed.matchedOptionValue("--front-end", "auto") : settings.frontEnd();
        FrontEnd asked = null;
        if (!name.equals("auto")) {
            try {
                asked = FrontEnd.ofText(name);
            } catch (IllegalArgumentException e) {
                throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
            }
        }
        OnLoss onLoss = policy(parsed, settings);
        if (asked != null) {
            requireRefusing(onLoss, asked);
        }
        requirePrivileges();
        Path packets = packets(parsed, settings);
        try {
            FrontEnd frontEnd = asked != null ? asked : KernelFeatures.best();
            requireRefusing(onLoss, frontEnd);
            return new Recording.Plan(frontEnd, wholeSystem, command, ring << 20, onLoss, environment(parsed, settings),
                    packets);
        } catch (KernelException e) {
            throw notPossible(e);
        }
    }

    private static OnLoss policy(ParseResult parsed, CamflowConfig.Settings settings) throws Failure {
        try {
            return OnLoss.ofText(parsed.hasMatchedOption("--on-loss") ? parsed.matchedOptionValue("--on-loss", "")
                    : settings.onLoss());
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.WRONG_USE, e.getMessage(), e);
        }
    }

    private static void requireRefusing(OnLoss onLoss, FrontEnd frontEnd) throws Failure {
        String refusal = onLoss.refusal(frontEnd);
        if (!refusal.isEmpty()) {
            throw new Failure(ExitCode.NOT_POSSIBLE, refusal);
        }
    }

    private static Recording.Environment environment(ParseResult parsed, CamflowConfig.Settings settings) {
        if (parsed.hasMatchedOption("--environment-values")) {
            return Recording.Environment.VALUES;
        }
        return parsed.hasMatchedOption("--environment") ? Recording.Environment.NAMES
                : Recording.Environment.valueOf(settings.environment().toUpperCase(Locale.ROOT));
    }

    /** The words by which {@link #plan} makes the same of the environment. */
    static List<String> environmentWords(Recording.Plan plan) {
        return switch (plan.environment()) {
            case NONE -> List.of();
            case NAMES -> List.of("--environment");
            case VALUES -> List.of("--environment-values");
        };
    }

    private static void requirePrivileges() throws Failure {
        if (!Privileges.mayCapture()) {
            throw new Failure(ExitCode.NOT_POSSIBLE, "capture needs root, or the capabilities CAP_BPF and CAP_PERFMON"
                    + "; try: sudo headwater …");
        }
    }

    static Failure notPossible(KernelException e) {
        return new Failure(ExitCode.NOT_POSSIBLE, e.getMessage() + "\nheadwater doctor says what this kernel can capture", e);
    }
}
