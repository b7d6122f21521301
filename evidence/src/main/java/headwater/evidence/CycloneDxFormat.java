// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.DpkgDatabase.Package;
import headwater.evidence.Findings.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/** A CycloneDX 1.6 bill of materials: packages that files were read of, and files that no package owns. */
final class CycloneDxFormat extends RunFormat {
    CycloneDxFormat() {
        super("cyclonedx");
    }

    @Override
    void write(Findings findings, DpkgDatabase dpkg, String version, JsonGenerator json) {
        Run run = findings.run();
        json.writeStartObject();
        json.writeStringProperty("bomFormat", "CycloneDX");
        json.writeStringProperty("specVersion", "1.6");
        json.writeStringProperty("serialNumber", "urn:uuid:" + uuid(run));
        json.writeNumberProperty("version", 1);
        metadata(findings, version, json);
        List<String> references = new ArrayList<>();
        json.writeArrayPropertyStart("components");
        for (Map.Entry<String, Package> one : findings.packages().entrySet()) {
            references.add(one.getKey());
            component(findings, dpkg, json, one.getKey(), one.getValue());
        }
        for (Item item : findings.inputs()) {
            if (item.owner() == null || item.isModified()) {
                references.add("input:" + item.path());
                file(json, item, "input:" + item.path());
            }
        }
        List<String> products = new ArrayList<>();
        for (Item item : findings.products()) {
            products.add("output:" + item.path());
            file(json, item, "output:" + item.path());
        }
        json.writeEndArray();
        dependencies(json, references, products);
        composition(json, run);
        json.writeEndObject();
    }

    private static void metadata(Findings findings, String version, JsonGenerator json) {
        json.writeObjectPropertyStart("metadata");
        json.writeStringProperty("timestamp", time(findings.run().session().endNs() == 0 ? findings.run().session()
                .startNs()
                : findings.run().session().endNs()));
        json.writeArrayPropertyStart("lifecycles");
        json.writeStartObject();
        json.writeStringProperty("phase", "build");
        json.writeEndObject();
        json.writeEndArray();
        json.writeObjectPropertyStart("tools");
        json.writeArrayPropertyStart("components");
        json.writeStartObject();
        json.writeStringProperty("type", "application");
        json.writeStringProperty("name", "headwater");
        json.writeStringProperty("version", version);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
        json.writeObjectPropertyStart("component");
        json.writeStringProperty("type", "application");
        json.writeStringProperty("bom-ref", "run");
        json.writeStringProperty("name", findings.command().isEmpty() ? "session " + findings.run().session().number()
                : findings.command());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void component(Findings findings, DpkgDatabase dpkg, JsonGenerator json, String purl, Package one) {
        json.writeStartObject();
        json.writeStringProperty("type", "library");
        json.writeStringProperty("bom-ref", purl);
        json.writeStringProperty("name", one.name());
        json.writeStringProperty("version", one.version());
        json.writeStringProperty("purl", purl);
        // Which of its files were read: that is what makes it more than a list of what is installed.
        json.writeObjectPropertyStart("evidence");
        json.writeArrayPropertyStart("occurrences");
        for (Item item : findings.inputs()) {
            if (item.owner() != null && dpkg.purl(item.owner().owner()).equals(purl)) {
                json.writeStartObject();
                json.writeStringProperty("location", item.path());
                json.writeEndObject();
            }
        }
        json.writeEndArray();
        json.writeEndObject();
        property(json, Map.of("headwater:source", one.source()));
        json.writeEndObject();
    }

    private static void property(JsonGenerator json, Map<String, String> properties) {
        json.writeArrayPropertyStart("properties");
        properties.forEach((name, value) -> {
            json.writeStartObject();
            json.writeStringProperty("name", name);
            json.writeStringProperty("value", value);
            json.writeEndObject();
        });
        json.writeEndArray();
    }

    private static void file(JsonGenerator json, Item item, String reference) {
        json.writeStartObject();
        json.writeStringProperty("type", "file");
        json.writeStringProperty("bom-ref", reference);
        json.writeStringProperty("name", item.path());
        if (item.digest().isKnown()) {
            json.writeArrayPropertyStart("hashes");
            json.writeStartObject();
            json.writeStringProperty("alg", "SHA-256");
            json.writeStringProperty("content", item.digest().sha256());
            json.writeEndObject();
            json.writeEndArray();
        }
        property(json, Map.of("headwater:use", item.file().use().name().toLowerCase(Locale.ROOT),
                "headwater:digest", item.digest().state().text()));
        json.writeEndObject();
    }

    private static void dependencies(JsonGenerator json, List<String> references, List<String> products) {
        json.writeArrayPropertyStart("dependencies");
        json.writeStartObject();
        json.writeStringProperty("ref", "run");
        json.writeArrayPropertyStart("dependsOn");
        references.forEach(json::writeString);
        json.writeEndArray();
        if (!products.isEmpty()) {
            json.writeArrayPropertyStart("provides");
            products.forEach(json::writeString);
            json.writeEndArray();
        }
        json.writeEndObject();
        json.writeEndArray();
    }

    private static void composition(JsonGenerator json, Run run) {
        json.writeArrayPropertyStart("compositions");
        json.writeStartObject();
        json.writeStringProperty("aggregate", run.isComplete() ? "complete" : "incomplete");
        json.writeArrayPropertyStart("dependencies");
        json.writeString("run");
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndArray();
    }
}
