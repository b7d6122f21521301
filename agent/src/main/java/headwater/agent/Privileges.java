// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process may do (capabilities(7)). */
public final class Privileges {
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;

    private Privileges() {
    }

    /** True if the capabilities for capture are effective: CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN. */
    public static boolean mayCapture() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
                if (line.startsWith("CapEff:")) {
                    long effective = Long.parseUnsignedLong(line.substring(7).strip(), 16);
                    return has(effective, CAP_SYS_ADMIN) || has(effective, CAP_BPF) && has(effective, CAP_PERFMON);
                }
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean has(long capabilities, int capability) {
        return (capabilities >>> capability & 1) == 1;
    }
}
