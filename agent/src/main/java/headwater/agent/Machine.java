// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.graph.MachineFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/** Which machine this is, and which boot of it. */
final class Machine {
    private Machine() {
    }

    /**
     * The random id that the kernel gives each boot.
     *
     * @throws IOException if /proc is not there
     */
    static String bootId() throws IOException {
        return Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    }

    /** A number for this machine that stays the same: from /etc/machine-id, else from the host name. Never 0. */
    static int id() {
        String name = line("/etc/machine-id");
        if (name.isEmpty()) {
            name = line("/proc/sys/kernel/hostname");
        }
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        int id = (int) crc.getValue();
        return id == 0 ? 1 : id;
    }

    /** What uname(2) says, which boot this is, and the version of this build. */
    static MachineFacts facts(String bootId) {
        String kernel = "/proc/sys/kernel/";
        return new MachineFacts(line(kernel + "ostype"), line(kernel + "hostname"), line(kernel + "osrelease"),
                line(kernel + "version"), hardware(), line(kernel + "domainname"), bootId, recorder());
    }

    /** As the kernel names it, where it says so (since 6.1). */
    private static String hardware() {
        String arch = line("/proc/sys/kernel/arch");
        return !arch.isEmpty() ? arch : System.getProperty("os.arch").replace("amd64", "x86_64");
    }

    private static String recorder() {
        String version = Machine.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    private static String line(String file) {
        try {
            return Files.readString(Path.of(file)).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
