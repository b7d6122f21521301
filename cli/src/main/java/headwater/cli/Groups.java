// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The groups of this machine, from wherever it keeps them: asked of getent(1), as the JDK has their names, but not their numbers. */
final class Groups {
    /** The group that has control where the configuration names none, if there is one of that name. */
    static final String CAMFLOW = "provenance";

    private static final int NUMBER_FIELD = 2;

    private Groups() {
    }

    /** The number of a group; -1 if there is none of that name. */
    static int number(String name) throws IOException {
        Process process = new ProcessBuilder("getent", "group", "--", name).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        process.getOutputStream().close();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            // It has said all that it had to say.
            if (process.waitFor() != 0) {
                return -1;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return -1;
        }
        String[] fields = line.split(":", -1);
        // getent takes a number for a name too.
        return fields.length <= NUMBER_FIELD || !fields[0].equals(name) ? -1 : Integer.parseUnsignedInt(fields[NUMBER_FIELD].strip());
    }
}
