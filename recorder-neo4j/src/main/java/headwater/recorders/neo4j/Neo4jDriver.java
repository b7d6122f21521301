// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.neo4j;

import headwater.recorders.Recorder;
import headwater.recorders.RecorderDriver;
import headwater.recorders.RecorderSpec;
import java.util.Set;

/**
 * {@code neo4j}: {@code address} ({@code bolt://HOST:PORT}, {@code neo4j+s://…}), {@code database} (the server's
 * default), {@code user} (default {@code neo4j}), {@code password_file} or {@code password_env} (neither: a server
 * without authentication).
 */
public final class Neo4jDriver implements RecorderDriver {
    @Override
    public String name() {
        return "neo4j";
    }

    @Override
    public Recorder recorder(RecorderSpec spec) {
        spec.allow(Set.of("address", "database", "user", "password_file", "password_env"));
        String address = spec.required("address");
        if (!address.matches("(bolt|neo4j)(\\+s|\\+ssc)?://[^\\s/]+/?")) {
            throw new IllegalArgumentException("recorder " + spec.name() + ": not an address: address=" + address
                    + ", want bolt://HOST:PORT, or neo4j, or either with +s for TLS");
        }
        return new Neo4jRecorder(spec);
    }
}
