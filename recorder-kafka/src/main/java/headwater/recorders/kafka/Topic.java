// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topic.
 *
 * @param partitions if it has to be made
 * @param replication likewise; 0: the broker's default
 */
record Topic(String name, int partitions, short replication) {
    /** The longest block, with headers. */
    static final int MOST_BYTES = 72 << 20;

    /** Makes it if it is not there. */
    void make(Admin admin) throws ExecutionException, InterruptedException {
        if (admin.listTopics().names().get().contains(name)) {
            return;
        }
        NewTopic topic = new NewTopic(name, Optional.of(partitions), replication == 0 ? Optional.empty()
                : Optional.of(replication))
                .configs(Map.of("max.message.bytes", Integer.toString(MOST_BYTES)));
        try {
            admin.createTopics(List.of(topic)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }
}
