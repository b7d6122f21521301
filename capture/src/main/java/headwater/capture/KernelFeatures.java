// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.capture.kernel.KernelException;
import headwater.record.KernelObjects;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the running kernel can do for a capture: probed, not guessed from its version. */
public final class KernelFeatures {
    private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final String PROBE = "probe";
    private static final Path LSM = Path.of("/sys/kernel/security/lsm");

    private KernelFeatures() {
    }

    /** The end of a program's name that says how many arguments its tracepoint has, where kernels differ. */
    private static final Pattern ARGUMENTS = Pattern.compile("_(\\d)$");

    /** True if this kernel has what {@code program} attaches to: not every kernel has each hook, function and tracepoint. */
    static boolean exists(BpfObject.Program program) {
        return switch (program.family()) {
            case "lsm", "lsm.s" -> KernelBtf.functions().contains("bpf_lsm_" + program.target());
            case "fentry", "fexit" -> KernelBtf.functions().contains(program.target());
            case "tp_btf" -> {
                Integer arguments = KernelBtf.tracepoints().get(program.target());
                Matcher wanted = ARGUMENTS.matcher(program.name());
                yield arguments != null && (!wanted.find() || Integer.parseInt(wanted.group(1)) == arguments);
            }
            default -> true;
        };
    }

    /** True if the kernel describes its types. */
    public static boolean hasBtf() {
        return Files.isReadable(BTF);
    }

    /** Where the unified hierarchy of control groups (cgroup2) is mounted, null if it is not. */
    public static Path controlGroups() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/mounts"))) {
                String[] fields = line.split(" ");
                if (fields.length > 2 && fields[2].equals("cgroup2")) {
                    return Path.of(fields[1]);
                }
            }
            return null;
        } catch (IOException e) {
            return null;
        }
    }

    /** The active security modules, such as {@code lockdown,capability,bpf}; empty if they cannot be read. */
    public static String activeLsms() {
        try {
            return Files.readString(LSM).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /**
     * Tries to load a program of a front-end's sort (bpf/probe.bpf.c).
     *
     * @return the reason why it cannot be used, empty if it can
     */
    public static String refusal(FrontEnd frontEnd) {
        if (!hasBtf()) {
            return "the kernel has no BTF (" + BTF + "); use a kernel built with CONFIG_DEBUG_INFO_BTF=y";
        }
        if (frontEnd == FrontEnd.LSM && !List.of(activeLsms().split(",")).contains("bpf")) {
            return activeLsms().isEmpty()
                    ? "the active security modules cannot be read (" + LSM + "); mount -t securityfs securityfs "
                            + LSM.getParent()
                    : "bpf is not among the active security modules (" + activeLsms() + "); boot with lsm=" + activeLsms()
                            + ",bpf";
        }
        try (BpfObject object = new BpfObject(PROBE, KernelObjects.read(PROBE))) {
            object.select(program -> program.name().equals("probe_" + frontEnd.text()));
            object.load();
            return "";
        } catch (KernelException e) {
            return e.getMessage().lines().findFirst().orElse("") + (e.errno() == 1 && frontEnd != FrontEnd.TRACE
                    ? "; this kernel refuses BPF trampolines" : "");
        }
    }

    /**
     * The best front-end that this kernel takes.
     *
     * @throws KernelException if it takes none, with the reasons
     */
    public static FrontEnd best() {
        StringBuilder reasons = new StringBuilder();
        for (FrontEnd frontEnd : FrontEnd.values()) {
            String refusal = refusal(frontEnd);
            if (refusal.isEmpty()) {
                return frontEnd;
            }
            reasons.append("\n  ").append(frontEnd.text()).append(": ").append(refusal);
        }
        throw new KernelException("this kernel takes no front-end" + reasons, 0);
    }
}
