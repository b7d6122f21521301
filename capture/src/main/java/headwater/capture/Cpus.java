// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How many CPUs this kernel may ever have. */
final class Cpus {
    private Cpus() {
    }

    /** One more than the highest number in /sys/devices/system/cpu/possible, such as {@code 0-7}. */
    static int possible() {
        Path path = Path.of("/sys/devices/system/cpu/possible");
        try {
            return parse(Files.readString(path).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("CPUs cannot be counted: file=" + path, e);
        }
    }

    /** One more than the highest number in {@code ranges}, such as {@code 0-3,8,10-11}. */
    static int parse(String ranges) {
        int highest = -1;
        for (String range : ranges.split(",")) {
            highest = Math.max(highest, Integer.parseInt(range.substring(range.indexOf('-') + 1)));
        }
        return highest + 1;
    }
}
