// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.outputs.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * One recorder as it is asked for.
 *
 * @param name tells it from the others; letters, digits, {@code . _ -} only
 * @param kind what its {@link RecorderDriver} is called
 * @param settings by key; none of them is a secret, see {@link #secret}
 */
public record RecorderSpec(String name, String kind, Map<String, String> settings) {
    /** What is added to the name of a secret for the key that names the file it is in, or the environment variable. */
    public static final String FILE = "_file";
    public static final String ENVIRONMENT = "_env";

    private static final long SECRET_MOST_BYTES = 4096;

    /**
     * @throws IllegalArgumentException if the name cannot be that of a file
     */
    public RecorderSpec {
        if (!name.matches("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("name of a recorder: name=" + name
                    + ", want letters, digits, . _ - (64 at most)");
        }
        settings = Map.copyOf(settings);
    }

    /**
     * A setting that must be there.
     *
     * @throws IllegalArgumentException if it is not, naming the recorder and the key
     */
    public String required(String key) {
        return all().required(key);
    }

    /** A setting, or {@code otherwise}. */
    public String setting(String key, String otherwise) {
        return settings.getOrDefault(key, otherwise);
    }

    /**
     * A number in a range.
     *
     * @throws IllegalArgumentException if it is none, naming the recorder and the key
     */
    public long number(String key, long otherwise, long least, long most) {
        return all().number(key, otherwise, least, most);
    }

    /**
     * A secret: the first line of the file that {@code KEY_file} names, or the environment variable that
     * {@code KEY_env} names. Asked each time it is needed, so that it may change, and never part of a message.
     *
     * @return null if neither is given
     * @throws IOException if it cannot be had, naming where it should be
     */
    public String secret(String key) throws IOException {
        String file = settings.get(key + FILE);
        String variable = settings.get(key + ENVIRONMENT);
        if (file != null) {
            Path path = Path.of(file);
            try {
                if (Files.size(path) > SECRET_MOST_BYTES) {
                    throw new IOException("too long for a secret: mostBytes=" + SECRET_MOST_BYTES);
                }
                return Files.readString(path).lines().findFirst().orElse("");
            } catch (IOException e) {
                throw new IOException("recorder " + name + ": " + key + " cannot be read: file=" + path + ", cause="
                        + e, e);
            }
        }
        if (variable == null) {
            return null;
        }
        String value = System.getenv(variable);
        if (value == null) {
            throw new IOException("recorder " + name + ": " + key + " is not in the environment: variable=" + variable);
        }
        return value;
    }

    /**
     * Refuses what nobody reads.
     *
     * @param known the keys of the kind
     * @throws IllegalArgumentException if there is another key, naming it
     */
    public void allow(Set<String> known) {
        all().allow(known);
    }

    private Settings all() {
        return new Settings("recorder " + name, "kind=" + kind, settings);
    }
}
