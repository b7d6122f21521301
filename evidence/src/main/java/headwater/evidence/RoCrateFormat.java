// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.Findings.Item;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;

/**
 * The {@code ro-crate-metadata.json} of an RO-Crate 1.1 by the profile Process Run Crate 0.5: one action, its
 * instrument, objects, results.
 */
final class RoCrateFormat extends RunFormat {
    private static final String PROCESS = "https://w3id.org/ro/wfrun/process/0.5";
    private static final String LICENSE = "#license";

    RoCrateFormat() {
        super("ro-crate");
    }

    @Override
    void write(Findings findings, DpkgDatabase dpkg, String version, JsonGenerator json) {
        Run run = findings.run();
        List<String> objects = new ArrayList<>();
        List<String> results = new ArrayList<>();
        json.writeStartObject();
        json.writeArrayPropertyStart("@context");
        json.writeString("https://w3id.org/ro/crate/1.1/context");
        // The one term that the context of RO-Crate lacks, defined here: a reader without a network has it too.
        json.writeStartObject();
        json.writeStringProperty("sha256", "https://w3id.org/ro/terms/workflow-run#sha256");
        json.writeEndObject();
        json.writeEndArray();
        json.writeArrayPropertyStart("@graph");
        open(json, "ro-crate-metadata.json", "CreativeWork");
        reference(json, "conformsTo", List.of("https://w3id.org/ro/crate/1.1"), false);
        reference(json, "about", List.of("./"), false);
        json.writeEndObject();
        findings.inputs().forEach(item -> objects.add(file(json, item)));
        for (Item item : findings.products()) {
            String id = uri(item.path());
            results.add(id);
            if (!objects.contains(id)) {
                file(json, item);
            }
        }
        List<String> parts = new ArrayList<>(objects);
        results.stream().filter(id -> !objects.contains(id)).forEach(parts::add);
        root(findings, parts, json);
        license(json);
        profile(json);
        action(findings, objects, results, json);
        instrument(findings, version, json);
        open(json, "urn:headwater:machine:" + machine(run), "Organization");
        json.writeStringProperty("name", "machine " + machine(run));
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void open(JsonGenerator json, String id, String type) {
        json.writeStartObject();
        json.writeStringProperty("@id", id);
        json.writeStringProperty("@type", type);
    }

    private static void reference(JsonGenerator json, String key, List<String> ids, boolean array) {
        json.writeName(key);
        if (array) {
            json.writeStartArray();
        }
        for (String id : ids) {
            json.writeStartObject();
            json.writeStringProperty("@id", id);
            json.writeEndObject();
        }
        if (array) {
            json.writeEndArray();
        }
    }

    private static String title(Findings findings) {
        return findings.command().isEmpty() ? "session " + findings.run().session().number() : findings.command();
    }

    private static void root(Findings findings, List<String> parts, JsonGenerator json) {
        open(json, "./", "Dataset");
        json.writeStringProperty("name", "Run of: " + title(findings));
        json.writeStringProperty("description", "What was read and written by a run that Headwater recorded. "
                + (findings.run().isComplete() ? "The record is complete."
                : "The record is incomplete: something was missed."));
        json.writeStringProperty("datePublished", time(findings.run().session().endNs() == 0 ? findings.run().session()
                .startNs()
                : findings.run().session().endNs()));
        reference(json, "license", List.of(LICENSE), false);
        reference(json, "conformsTo", List.of(PROCESS), true);
        reference(json, "hasPart", parts, true);
        reference(json, "mentions", List.of("#run"), true);
        json.writeEndObject();
    }

    private static void license(JsonGenerator json) {
        open(json, LICENSE, "CreativeWork");
        json.writeStringProperty("name", "not stated");
        json.writeStringProperty("description", "The files are those of the machine that ran this.");
        json.writeEndObject();
    }

    private static void profile(JsonGenerator json) {
        open(json, PROCESS, "CreativeWork");
        json.writeStringProperty("name", "Process Run Crate");
        json.writeStringProperty("version", "0.5");
        json.writeEndObject();
    }

    private static void action(Findings findings, List<String> objects, List<String> results, JsonGenerator json) {
        Run run = findings.run();
        open(json, "#run", "CreateAction");
        json.writeStringProperty("name", title(findings));
        json.writeStringProperty("description", title(findings));
        json.writeStringProperty("startTime", time(run.session().startNs()));
        if (run.session().endNs() != 0) {
            json.writeStringProperty("endTime", time(run.session().endNs()));
        }
        reference(json, "instrument", List.of("#command"), false);
        reference(json, "agent", List.of("urn:headwater:machine:" + machine(run)), false);
        reference(json, "object", objects, true);
        reference(json, "result", results, true);
        json.writeEndObject();
    }

    private static void instrument(Findings findings, String version, JsonGenerator json) {
        open(json, "#command", "SoftwareApplication");
        json.writeStringProperty("name", title(findings));
        json.writeStringProperty("description", "Executed: " + String.join("; ", findings.run().commands())
                + ". Recorded by headwater " + version + ".");
        json.writeEndObject();
    }

    private static String file(JsonGenerator json, Item item) {
        String id = uri(item.path());
        open(json, id, "File");
        json.writeStringProperty("name", item.path());
        if (item.digest().isKnown()) {
            json.writeStringProperty("sha256", item.digest().sha256());
            json.writeStringProperty("contentSize", Long.toString(Math.max(item.digest().size(), 0)));
        } else {
            json.writeStringProperty("description", "Content not known: " + item.digest().state().text());
        }
        json.writeEndObject();
        return id;
    }
}
