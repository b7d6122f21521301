// SPDX-License-Identifier: Apache-2.0
package headwater.disclosure;

import java.nio.file.Path;

/** What something comes from, or flows into. */
public final class Thing {
    private static final Thing SELF = new Thing("\"self\"");

    private final String json;

    private Thing(String json) {
        this.json = json;
    }

    /** The process that tells. */
    public static Thing self() {
        return SELF;
    }

    /** A node that was told of on the same connection. */
    public static Thing named(String name) {
        return new Thing(Json.quoted(name));
    }

    /**
     * A file that exists. Where something flows into it, this process must be able to write it.
     *
     * @param path relative to this process's working directory, or absolute
     */
    public static Thing file(Path path) {
        return new Thing("{\"path\":" + Json.quoted(path.toAbsolutePath().toString()) + "}");
    }

    String json() {
        return json;
    }
}
