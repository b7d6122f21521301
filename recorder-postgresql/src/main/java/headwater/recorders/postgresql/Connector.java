// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.postgresql;

import headwater.recorders.RecorderSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.postgresql.Driver;

/** Opens connections as a {@link RecorderSpec} says. Immutable. */
final class Connector {
    private static final Pattern ADDRESS = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]@?&]+)(?::([0-9]{1,5}))?");
    private static final String SOCKET_FOLDER = "/var/run/postgresql";
    private static final int PORT = 5432;

    private final RecorderSpec spec;
    private final String address;
    private final String url;

    Connector(RecorderSpec spec) {
        this.spec = spec;
        address = spec.setting("address", SOCKET_FOLDER);
        if (address.startsWith("/")) {
            url = "jdbc:postgresql://localhost/";
            return;
        }
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("recorder " + spec.name() + ": not an address: address=" + address
                    + ", want HOST:PORT, or the folder of a UNIX socket");
        }
        int port = matcher.group(2) == null ? PORT : Integer.parseInt(matcher.group(2));
        url = "jdbc:postgresql://" + matcher.group(1) + ":" + port + "/";
    }

    /** Where to, for messages. */
    String target() {
        return "address=" + address + ", database=" + database() + ", user=" + user();
    }

    private String database() {
        return spec.setting("database", "headwater");
    }

    private String user() {
        return spec.setting("user", System.getProperty("user.name"));
    }

    Connection connect() throws IOException, SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", user());
        properties.setProperty("PGDBNAME", database());
        String password = spec.secret("password");
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "headwater");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "300");
        properties.setProperty("tcpKeepAlive", "true");
        if (address.startsWith("/")) {
            properties.setProperty("socketFactory", UnixSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", Path.of(address).resolve(".s.PGSQL." + PORT).toString());
            properties.setProperty("sslmode", "disable");
        } else if (spec.settings().containsKey("sslmode")) {
            properties.setProperty("sslmode", spec.settings().get("sslmode"));
        }
        Connection connection = new Driver().connect(url, properties);
        if (connection == null) {
            throw new SQLException("the driver does not take the address: " + address);
        }
        return connection;
    }
}
