// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.kafka;

import headwater.recorders.RecorderSpec;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/** What Kafka's clients are told. The file's content is in no message. */
final class ClientSettings {
    private final String address;
    private final String file;

    ClientSettings(RecorderSpec spec) {
        address = spec.required("address");
        file = spec.settings().get("properties_file");
    }

    String address() {
        return address;
    }

    /** Of any client; read anew each time. */
    Map<String, Object> common() throws IOException {
        Map<String, Object> all = new HashMap<>();
        if (file != null) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(Path.of(file))) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new IOException("settings of Kafka's client cannot be read: properties_file=" + file + ", cause="
                        + e.getMessage(), e);
            }
            properties.forEach((key, value) -> all.put(key.toString(), value));
        }
        all.put("bootstrap.servers", address);
        all.put("client.id", "headwater");
        all.put("request.timeout.ms", 15_000);
        all.put("default.api.timeout.ms", 20_000);
        return all;
    }

    /** Of the producer: in order, each once, all or none of a transaction. */
    Map<String, Object> producer(String transaction) throws IOException {
        Map<String, Object> all = common();
        all.remove("default.api.timeout.ms");
        all.put("transactional.id", transaction);
        all.put("acks", "all");
        all.put("enable.idempotence", true);
        // Blocks are compressed already.
        all.put("compression.type", "none");
        all.put("max.request.size", Topic.MOST_BYTES);
        all.put("buffer.memory", 2L * Topic.MOST_BYTES);
        all.put("max.block.ms", 20_000);
        all.put("delivery.timeout.ms", 30_000);
        return all;
    }
}
