// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.DpkgDatabase.Package;
import headwater.evidence.Findings.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * An SPDX 2.3 document. The run is a package that generates what was made; packages that were read are its build
 * dependencies, and files of no package it is generated from. SPDX asks for a SHA-1 of each file: one whose content is
 * not known any more is named in an annotation, and is no file of the document.
 */
final class SpdxFormat extends RunFormat {
    private static final String RUN = "SPDXRef-Run";

    private record Relation(String from, String type, String to) {
    }

    SpdxFormat() {
        super("spdx");
    }

    @Override
    void write(Findings findings, DpkgDatabase dpkg, String version, JsonGenerator json) {
        Run run = findings.run();
        String created = time(run.session().endNs() == 0 ? run.session().startNs() : run.session().endNs());
        List<Relation> relations = new ArrayList<>(List.of(new Relation("SPDXRef-DOCUMENT", "DESCRIBES", RUN)));
        List<Item> files = new ArrayList<>();
        List<String> left = new ArrayList<>();
        for (Item item : findings.inputs()) {
            if (item.owner() == null || item.isModified()) {
                choose(item, files, left);
            }
        }
        int inputs = files.size();
        findings.products().forEach(item -> choose(item, files, left));
        findings.others()
                .forEach(item -> left.add(item.path() + ": " + item.file().use().name().toLowerCase(Locale.ROOT) + ", "
                + item.digest().state().text()));
        json.writeStartObject();
        head(findings, version, created, left, json);
        json.writeArrayPropertyStart("packages");
        runPackage(findings, json);
        int number = 0;
        for (Map.Entry<String, Package> one : findings.packages().entrySet()) {
            String id = "SPDXRef-Package-" + ++number;
            packaged(json, id, one.getKey(), one.getValue());
            relations.add(new Relation(id, "BUILD_DEPENDENCY_OF", RUN));
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("files");
        for (int i = 0; i < files.size(); i++) {
            String id = "SPDXRef-File-" + (i + 1);
            file(json, id, files.get(i));
            relations.add(i < inputs ? new Relation(RUN, "GENERATED_FROM", id) : new Relation(RUN, "GENERATES", id));
        }
        json.writeEndArray();
        json.writeArrayPropertyStart("relationships");
        for (Relation relation : relations) {
            json.writeStartObject();
            json.writeStringProperty("spdxElementId", relation.from());
            json.writeStringProperty("relationshipType", relation.type());
            json.writeStringProperty("relatedSpdxElement", relation.to());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void choose(Item item, List<Item> files, List<String> left) {
        if (item.digest().isKnown() && !item.digest().sha1().isEmpty()) {
            files.add(item);
        } else {
            left.add(item.path() + ": " + item.digest().state().text());
        }
    }

    private static void head(Findings findings, String version, String created, List<String> left, JsonGenerator json) {
        Run run = findings.run();
        json.writeStringProperty("spdxVersion", "SPDX-2.3");
        json.writeStringProperty("dataLicense", "CC0-1.0");
        json.writeStringProperty("SPDXID", "SPDXRef-DOCUMENT");
        json.writeStringProperty("name", "headwater-session-" + run.session().number());
        json.writeStringProperty("documentNamespace", "urn:uuid:" + uuid(run));
        json.writeObjectPropertyStart("creationInfo");
        json.writeStringProperty("created", created);
        json.writeArrayPropertyStart("creators");
        json.writeString("Tool: headwater-" + version);
        json.writeEndArray();
        json.writeStringProperty("comment", run.isComplete() ? "The record of the run is complete."
                : "The record of the run is incomplete: " + run.gaps().size() + " gaps.");
        json.writeEndObject();
        json.writeArrayPropertyStart("annotations");
        for (String one : left) {
            json.writeStartObject();
            json.writeStringProperty("annotationDate", created);
            json.writeStringProperty("annotationType", "OTHER");
            json.writeStringProperty("annotator", "Tool: headwater-" + version);
            json.writeStringProperty("comment", "not described, as its content is not known: " + one);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void runPackage(Findings findings, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("SPDXID", RUN);
        json.writeStringProperty("name", findings.command().isEmpty() ? "session " + findings.run().session().number()
                : findings.command());
        json.writeStringProperty("downloadLocation", "NOASSERTION");
        json.writeBooleanProperty("filesAnalyzed", false);
        licences(json);
        json.writeEndObject();
    }

    private static void licences(JsonGenerator json) {
        json.writeStringProperty("licenseConcluded", "NOASSERTION");
        json.writeStringProperty("licenseDeclared", "NOASSERTION");
        json.writeStringProperty("copyrightText", "NOASSERTION");
    }

    private static void packaged(JsonGenerator json, String id, String purl, Package one) {
        json.writeStartObject();
        json.writeStringProperty("SPDXID", id);
        json.writeStringProperty("name", one.name());
        json.writeStringProperty("versionInfo", one.version());
        json.writeStringProperty("downloadLocation", "NOASSERTION");
        json.writeBooleanProperty("filesAnalyzed", false);
        licences(json);
        json.writeStringProperty("sourceInfo", "built from Debian source package " + one.source());
        json.writeArrayPropertyStart("externalRefs");
        json.writeStartObject();
        json.writeStringProperty("referenceCategory", "PACKAGE-MANAGER");
        json.writeStringProperty("referenceType", "purl");
        json.writeStringProperty("referenceLocator", purl);
        json.writeEndObject();
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void file(JsonGenerator json, String id, Item item) {
        json.writeStartObject();
        json.writeStringProperty("SPDXID", id);
        json.writeStringProperty("fileName", item.path());
        json.writeArrayPropertyStart("checksums");
        checksum(json, "SHA1", item.digest().sha1());
        checksum(json, "SHA256", item.digest().sha256());
        json.writeEndArray();
        json.writeStringProperty("licenseConcluded", "NOASSERTION");
        json.writeArrayPropertyStart("licenseInfoInFiles");
        json.writeString("NOASSERTION");
        json.writeEndArray();
        json.writeStringProperty("copyrightText", "NOASSERTION");
        json.writeStringProperty("comment", item.file().use().name().toLowerCase(Locale.ROOT) + "; digest "
                + item.digest().state().text());
        json.writeEndObject();
    }

    private static void checksum(JsonGenerator json, String algorithm, String value) {
        json.writeStartObject();
        json.writeStringProperty("algorithm", algorithm);
        json.writeStringProperty("checksumValue", value);
        json.writeEndObject();
    }
}
