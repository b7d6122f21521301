// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.graph.TaskProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;

/** Asks this machine's /proc and /sys of its tasks. */
final class LiveTasks implements TaskProbe {
    /** The first that is there: where several modules are active, AppArmor's own; else of the one that gives labels. */
    private static final List<String> CONTEXT_FILES = List.of("attr/apparmor/current", "attr/current");

    private final Cgroups cgroups = new Cgroups();
    private final LongSupplier clock;
    private final String contextFile;

    /** @param clock nanoseconds since the Unix epoch, the clock of the records */
    LiveTasks(LongSupplier clock) {
        this.clock = clock;
        contextFile = CONTEXT_FILES.stream().filter(file -> context(Path.of("/proc/self", file)) != null).findFirst()
                .orElse(null);
    }

    @Override
    public String cgroup(long id, int tgid) {
        return cgroups.path(id, tgid);
    }

    @Override
    public String securityContext(int tgid) {
        return contextFile == null ? null : context(Path.of("/proc", Integer.toString(tgid), contextFile));
    }

    private static String context(Path file) {
        try {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            int end = text.indexOf('\0');
            String context = (end < 0 ? text : text.substring(0, end)).strip();
            return context.isEmpty() ? null : context;
        } catch (IOException e) {
            // No such module, or the process has ended.
            return null;
        }
    }

    @Override
    public long nowNs() {
        return clock.getAsLong();
    }
}
