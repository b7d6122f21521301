// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Optional;

/** The path of a control group in the unified hierarchy, as /proc/PID/cgroup has it after {@code 0::}. */
final class ControlGroupPath {
    private static final String MOUNT = "/sys/fs/cgroup";

    private ControlGroupPath() {
    }

    /** Empty with an error if the value is none. A path of the mounted hierarchy's folder is taken for what it means. */
    static Optional<RawText> of(IniEntry entry, Values values) {
        return values.absolute(entry).map(path -> {
            String text = path.latin1();
            if (text.equals(MOUNT) || text.startsWith(MOUNT + "/")) {
                text = text.substring(MOUNT.length());
            }
            int end = text.length();
            while (end > 0 && text.charAt(end - 1) == '/') {
                end--;
            }
            return RawText.ofLatin1(end == 0 ? "/" : text.substring(0, end));
        });
    }
}
