// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The names of users, as this machine has them; a record of another machine may mean others. Immutable. */
public final class Users {
    private static final Path PASSWD = Path.of("/etc/passwd");

    private final Map<Long, String> names = new HashMap<>();
    private final Map<String, Long> ids = new HashMap<>();

    private Users(String passwd) {
        passwd.lines().forEach(line -> {
            String[] fields = line.split(":", 4);
            if (fields.length > 3 && fields[2].matches("[0-9]{1,10}")) {
                names.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
                ids.putIfAbsent(fields[0], Long.parseLong(fields[2]));
            }
        });
    }

    /** Reads {@code /etc/passwd}; no names if it cannot be read. */
    public static Users ofThisMachine() {
        try {
            return new Users(Files.readString(PASSWD, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            // Numbers still work.
            return new Users("");
        }
    }

    /** The name of a user id, null if it has none. */
    public String name(long uid) {
        return names.get(uid);
    }

    /** The id that a name or a number means. */
    public OptionalLong id(String nameOrNumber) {
        Long id = ids.get(nameOrNumber);
        if (id != null) {
            return OptionalLong.of(id);
        }
        return nameOrNumber.matches("[0-9]{1,10}") ? OptionalLong.of(Long.parseLong(nameOrNumber)) : OptionalLong.empty();
    }
}
