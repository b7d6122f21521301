// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The lines that are sent to programs, newline included. */
final class Reply {
    /** Of the protocol. */
    static final int VERSION = 1;

    private static final JsonFactory JSON = new JsonFactory();

    private Reply() {
    }

    /** The first line on a connection. */
    static byte[] greeting(String challenge) {
        return line(json -> {
            json.writeStringProperty("headwater", "disclosure");
            json.writeNumberProperty("version", VERSION);
            json.writeStringProperty("challenge", challenge);
        });
    }

    /** @param objects numbers of the objects of new nodes, by name */
    static byte[] accepted(String id, Map<String, Long> objects) {
        return line(json -> {
            json.writeBooleanProperty("ok", true);
            id(json, id);
            if (!objects.isEmpty()) {
                json.writeObjectPropertyStart("objects");
                objects.forEach((name, object) -> json.writeStringProperty(name, "hw:" + object));
                json.writeEndObject();
            }
        });
    }

    /** @param error one word for programs */
    static byte[] refused(String id, String error, String message) {
        return line(json -> {
            json.writeBooleanProperty("ok", false);
            id(json, id);
            json.writeStringProperty("error", error);
            json.writeStringProperty("message", message);
        });
    }

    private static void id(JsonGenerator json, String id) {
        if (!id.isEmpty()) {
            json.writeStringProperty("id", id);
        }
    }

    private static byte[] line(Consumer<JsonGenerator> members) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
