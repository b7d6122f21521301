// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The numbers of users and groups, which the JDK does not give: from this machine's own files, else asked of getent(1), which knows
 * where else they are kept.
 */
public final class Accounts {
    private static final int NUMBER_FIELD = 2;

    private Accounts() {
    }

    /** The number of a user; -1 if there is none of that name. */
    public static int user(String name) throws IOException {
        return number("passwd", name);
    }

    /** The number of a group; -1 if there is none of that name. */
    public static int group(String name) throws IOException {
        return number("group", name);
    }

    private static int number(String database, String name) throws IOException {
        int own = find(new String(Files.readAllBytes(Path.of("/etc", database)), StandardCharsets.UTF_8), name);
        return own >= 0 ? own : find(asked(database, name), name);
    }

    static int find(String lines, String name) {
        for (String line : lines.split("\n")) {
            String[] fields = line.split(":", -1);
            // getent takes a number for a name too.
            if (fields.length > NUMBER_FIELD && fields[0].equals(name) && fields[NUMBER_FIELD].matches("[0-9]{1,9}")) {
                return Integer.parseInt(fields[NUMBER_FIELD]);
            }
        }
        return -1;
    }

    private static String asked(String database, String name) throws IOException {
        Process process = new ProcessBuilder("getent", database, "--", name).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
