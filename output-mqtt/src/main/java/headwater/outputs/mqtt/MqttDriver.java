// SPDX-License-Identifier: Apache-2.0
package headwater.outputs.mqtt;

import headwater.outputs.Destination;
import headwater.outputs.DestinationDriver;
import headwater.outputs.OutputSpec;
import java.util.Set;

/**
 * {@code mqtt}: {@code address} ({@code HOST:PORT}, or a URI with {@code tcp:} or {@code ssl:}), {@code username}, {@code password},
 * {@code qos} (0 to 2, default 2), {@code topic} (default {@code camflow/provenance/}), {@code client} (default the machine id).
 */
public final class MqttDriver implements DestinationDriver {
    @Override
    public String name() {
        return "mqtt";
    }

    @Override
    public Destination destination(OutputSpec spec) {
        spec.allow(Set.of("address", "username", "password", "qos", "topic", "client"));
        String address = spec.required("address");
        return new MqttDestination(address.contains("://") ? address : "tcp://" + address, spec.setting("username", ""),
                spec.setting("password", ""), (int) spec.number("qos", 2, 0, 2), spec.setting("topic", "camflow/provenance/"),
                spec.setting("client", ""));
    }
}
