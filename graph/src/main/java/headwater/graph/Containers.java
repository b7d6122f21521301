// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which container a cgroup is of, by the names that container managers give their cgroups. */
final class Containers {
    private static final String ID = "([0-9a-f]{64})";
    /** Docker, podman, containerd and CRI-O, by systemd's scopes or by plain folders. */
    private static final Pattern SCOPE = Pattern.compile("(?:docker|libpod|cri-containerd|crio)-" + ID + "\\.scope");
    private static final Pattern PLAIN = Pattern.compile(ID);
    /** LXC: {@code lxc.payload.NAME}, or {@code lxc/NAME} in its older layout. */
    private static final Pattern LXC = Pattern.compile("lxc\\.payload\\.(.+)");
    /** systemd-nspawn; other machines of systemd-machined are virtual and have {@code qemu-} or the like. */
    private static final Pattern NSPAWN = Pattern.compile("systemd-nspawn@(.+)\\.service");
    private static final Pattern MACHINE = Pattern.compile("machine-(.+)\\.scope");
    private static final Pattern VIRTUAL = Pattern.compile("(?:qemu|lxc)\\\\x2d.*");

    private Containers() {
    }

    /**
     * The id or name of the innermost container.
     *
     * @param cgroup path of a cgroup
     * @return null if it is in none that is known by its name
     */
    static String of(String cgroup) {
        String[] folders = cgroup.split("/");
        for (int i = folders.length - 1; i > 0; i--) {
            String name = container(folders[i - 1], folders[i]);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    private static String container(String parent, String folder) {
        Matcher scope = SCOPE.matcher(folder);
        if (scope.matches()) {
            return scope.group(1);
        }
        if (PLAIN.matcher(folder).matches()) {
            return folder;
        }
        Matcher lxc = LXC.matcher(folder);
        if (lxc.matches()) {
            return lxc.group(1);
        }
        if (parent.equals("lxc")) {
            return folder;
        }
        Matcher nspawn = NSPAWN.matcher(folder);
        if (nspawn.matches()) {
            return unescape(nspawn.group(1));
        }
        Matcher machine = MACHINE.matcher(folder);
        return machine.matches() && !VIRTUAL.matcher(machine.group(1)).matches() ? unescape(machine.group(1)) : null;
    }

    /** As systemd.unit(5) escapes a name: {@code \x2d} is a hyphen. */
    private static String unescape(String name) {
        return Pattern.compile("\\\\x([0-9a-f]{2})").matcher(name)
                .replaceAll(hex -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(hex.group(1), 16))));
    }
}
