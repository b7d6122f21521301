// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.Problem;
import headwater.config.RawText;
import headwater.config.Setting;
import headwater.config.Severity;
import headwater.query.Escapes;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** The answers of {@code headwater config} as one JSON object on a line. Bytes that are no UTF-8 are written {@code \xNN}. */
final class ConfigJson {
    private ConfigJson() {
    }

    /** @param absent true if there is no such file */
    static String show(ConfigFile file, boolean absent) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            head(json, file);
            json.writeBooleanProperty("absent", absent);
            json.writeName("config");
            if (file.shown().isPresent()) {
                sections(json, file.shown().get().sections());
            } else {
                json.writeNull();
            }
            json.writeEndObject();
        }
        return out + "\n";
    }

    static String check(ConfigFile file) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = generator(out)) {
            json.writeStartObject();
            head(json, file);
            json.writeEndObject();
        }
        return out + "\n";
    }

    private static JsonGenerator generator(StringWriter out) {
        return new JsonFactory().createGenerator(ObjectWriteContext.empty(), out);
    }

    private static void head(JsonGenerator json, ConfigFile file) {
        json.writeStringProperty("file", file.name());
        json.writeStringProperty("kind", file.kind().text());
        json.writeNumberProperty("errors", file.count(Severity.ERROR));
        json.writeNumberProperty("warnings", file.count(Severity.WARNING));
        json.writeArrayPropertyStart("problems");
        file.problems().forEach(problem -> problem(json, problem));
        json.writeEndArray();
    }

    private static void problem(JsonGenerator json, Problem problem) {
        json.writeStartObject();
        json.writeStringProperty("severity", problem.severity().text());
        json.writeNumberProperty("line", problem.line());
        json.writeStringProperty("section", problem.section());
        json.writeStringProperty("key", problem.key());
        json.writeStringProperty("value", problem.value());
        json.writeStringProperty("problem", problem.what());
        json.writeStringProperty("next", problem.next());
        json.writeEndObject();
    }

    private static void sections(JsonGenerator json, List<Setting.Section> sections) {
        json.writeStartObject();
        for (Setting.Section section : sections) {
            json.writeObjectPropertyStart(section.name());
            for (Setting setting : section.settings()) {
                json.writeName(setting.key());
                if (setting.repeated()) {
                    json.writeStartArray();
                    setting.values().forEach(value -> value(json, setting.type(), value));
                    json.writeEndArray();
                } else {
                    value(json, setting.type(), setting.values().getFirst());
                }
            }
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void value(JsonGenerator json, Setting.Type type, RawText value) {
        switch (type) {
            case BOOLEAN -> json.writeBoolean(Boolean.parseBoolean(value.toString()));
            case NUMBER -> json.writeNumber(Long.parseLong(value.toString()));
            case TEXT -> json.writeString(Escapes.toText(value.bytes()));
        }
    }
}
