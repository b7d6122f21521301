// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.neo4j;

import java.nio.file.Path;
import org.neo4j.configuration.connectors.BoltConnector;
import org.neo4j.configuration.helpers.SocketAddress;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;

/** A Neo4j server that speaks Bolt, until it is killed. Arguments: folder, port. */
public final class ServerMain {
    private ServerMain() {
    }

    public static void main(String[] arguments) throws InterruptedException {
        new DatabaseManagementServiceBuilder(Path.of(arguments[0])).setConfig(BoltConnector.enabled, true)
                .setConfig(BoltConnector.listen_address, new SocketAddress("127.0.0.1", Integer.parseInt(arguments[1])))
                .build();
        Thread.sleep(Long.MAX_VALUE);
    }
}
