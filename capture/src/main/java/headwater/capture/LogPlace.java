// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.nio.file.Path;

/**
 * Where logs are whose lines are wanted: a file, pipe or socket, or all in a directory, but not below its directories. It need not be
 * there; its directory must.
 *
 * @param directory absolute
 * @param name in it; empty for all that is there
 * @param bit which of 64 rules means it
 * @param mayBeSocket false if it is surely none, so that sockets need not be looked at
 */
public record LogPlace(Path directory, String name, int bit, boolean mayBeSocket) {
    public LogPlace {
        if (!directory.isAbsolute() || name.indexOf('/') >= 0 || bit < 0 || bit > 63) {
            throw new IllegalArgumentException("no place of a log: directory=" + directory + ", name=" + name + ", bit=" + bit);
        }
    }
}
