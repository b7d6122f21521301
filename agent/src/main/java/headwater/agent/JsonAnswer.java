// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One line that the daemon answers: a JSON object with {@code version} and {@code ok}. Used once, by one thread. */
final class JsonAnswer {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final StringWriter out = new StringWriter();
    private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), out);

    JsonAnswer() {
        this(true);
    }

    private JsonAnswer(boolean ok) {
        json.writeStartObject();
        json.writeNumberProperty("version", ControlRequest.VERSION);
        json.writeBooleanProperty("ok", ok);
    }

    /** It was not done; {@code message} says why, and what to do. */
    static String error(String message) {
        return new JsonAnswer(false).with("error", message).end();
    }

    JsonAnswer with(String name, String value) {
        json.writeStringProperty(name, value);
        return this;
    }

    JsonAnswer with(String name, long value) {
        json.writeNumberProperty(name, value);
        return this;
    }

    JsonAnswer with(String name, boolean value) {
        json.writeBooleanProperty(name, value);
        return this;
    }

    /** With one decimal. */
    JsonAnswer seconds(String name, double value) {
        json.writeName(name);
        json.writeNumber(String.format(Locale.ROOT, "%.1f", value));
        return this;
    }

    /** Milliseconds with three decimals. */
    JsonAnswer millis(String name, long us) {
        json.writeName(name);
        json.writeNumber(String.format(Locale.ROOT, "%.3f", us / 1e3));
        return this;
    }

    JsonAnswer with(String name, List<String> values) {
        json.writeArrayPropertyStart(name);
        values.forEach(json::writeString);
        json.writeEndArray();
        return this;
    }

    /** Begins an array of objects; each is a {@link #begin} and an {@link #finish}. */
    JsonAnswer array(String name) {
        json.writeArrayPropertyStart(name);
        return this;
    }

    JsonAnswer endArray() {
        json.writeEndArray();
        return this;
    }

    JsonAnswer begin() {
        json.writeStartObject();
        return this;
    }

    JsonAnswer finish() {
        json.writeEndObject();
        return this;
    }

    String end() {
        json.writeEndObject();
        json.close();
        return out.toString();
    }
}
