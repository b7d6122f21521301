// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import headwater.recorders.Recorder;
import headwater.recorders.RecorderDriver;
import headwater.recorders.RecorderSpec;
import java.util.Set;

/**
 * {@code postgresql}: {@code address} ({@code HOST:PORT}, or the folder of a UNIX socket, by default
 * {@code /var/run/postgresql}), {@code database} (default {@code headwater}), {@code user} (default: who runs this),
 * {@code password_file} or {@code password_env}, {@code schema} (default {@code headwater}), {@code sslmode}.
 */
public final class PostgresqlDriver implements RecorderDriver {
    /** Unquoted in SQL, so that people need not quote it either. */
    private static final String SCHEMA = "[a-z_][a-z0-9_]{0,62}";

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public Recorder recorder(RecorderSpec spec) {
        spec.allow(Set.of("address", "database", "user", "password_file", "password_env", "schema", "sslmode"));
        String schema = spec.setting("schema", "headwater");
        if (!schema.matches(SCHEMA)) {
            throw new IllegalArgumentException("recorder " + spec.name() + ": not a name for a schema: schema=" + schema
                    + ", want small letters, digits and _");
        }
        return new PostgresqlRecorder(new Connector(spec), schema);
    }
}
