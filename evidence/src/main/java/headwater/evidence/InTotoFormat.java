// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.evidence.DpkgDatabase.Package;
import headwater.evidence.Findings.Item;
import headwater.model.Gap;
import headwater.model.Session;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;

/**
 * An in-toto Statement v1 with SLSA's provenance v1: what was made, of what was really read. What the record missed is
 * said in {@code headwater_completeness} of the run's metadata; a file whose content is not known any more has no
 * digest, and says why.
 */
final class InTotoFormat extends RunFormat {
    static final String BUILD_TYPE = "urn:headwater:run:v1";

    InTotoFormat() {
        super("in-toto");
    }

    @Override
    void write(Findings findings, DpkgDatabase dpkg, String version, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("_type", "https://in-toto.io/Statement/v1");
        json.writeArrayPropertyStart("subject");
        findings.products().forEach(item -> file(json, item, false));
        json.writeEndArray();
        json.writeStringProperty("predicateType", "https://slsa.dev/provenance/v1");
        json.writeObjectPropertyStart("predicate");
        definition(findings, dpkg, json);
        details(findings, version, json);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void definition(Findings findings, DpkgDatabase dpkg, JsonGenerator json) {
        Run run = findings.run();
        json.writeObjectPropertyStart("buildDefinition");
        json.writeStringProperty("buildType", BUILD_TYPE);
        json.writeObjectPropertyStart("externalParameters");
        json.writeStringProperty("command", findings.command());
        json.writeEndObject();
        json.writeObjectPropertyStart("internalParameters");
        json.writeStringProperty("frontEnd", run.session().frontEnd());
        json.writeStringProperty("scope", run.session().scope());
        json.writeArrayPropertyStart("commands");
        run.commands().forEach(json::writeString);
        json.writeEndArray();
        json.writeArrayPropertyStart("environment");
        run.environment().forEach(json::writeString);
        json.writeEndArray();
        json.writeArrayPropertyStart("connections");
        run.remotes().forEach(json::writeString);
        json.writeEndArray();
        json.writeEndObject();
        json.writeArrayPropertyStart("resolvedDependencies");
        for (Map.Entry<String, Package> one : findings.packages().entrySet()) {
            json.writeStartObject();
            json.writeStringProperty("name", one.getValue().name());
            json.writeStringProperty("uri", one.getKey());
            json.writeEndObject();
        }
        for (Item item : findings.inputs()) {
            input(json, item, dpkg);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void input(JsonGenerator json, Item item, DpkgDatabase dpkg) {
        json.writeStartObject();
        json.writeStringProperty("name", item.path());
        json.writeStringProperty("uri", uri(item.path()));
        digest(json, item.digest());
        json.writeObjectPropertyStart("annotations");
        json.writeStringProperty("digest", item.digest().state().text());
        if (item.owner() != null) {
            json.writeStringProperty("package", dpkg.purl(item.owner().owner()));
            json.writeBooleanProperty("modified", item.isModified());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void file(JsonGenerator json, Item item, boolean withUri) {
        json.writeStartObject();
        json.writeStringProperty("name", item.path());
        if (withUri) {
            json.writeStringProperty("uri", uri(item.path()));
        }
        digest(json, item.digest());
        json.writeObjectPropertyStart("annotations");
        json.writeStringProperty("use", item.file().use().name().toLowerCase(Locale.ROOT));
        json.writeStringProperty("digest", item.digest().state().text());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void digest(JsonGenerator json, FileDigest digest) {
        if (digest.isKnown()) {
            json.writeObjectPropertyStart("digest");
            json.writeStringProperty("sha256", digest.sha256());
            json.writeEndObject();
        }
    }

    private static void details(Findings findings, String version, JsonGenerator json) {
        Run run = findings.run();
        Session session = run.session();
        json.writeObjectPropertyStart("runDetails");
        json.writeObjectPropertyStart("builder");
        json.writeStringProperty("id", "urn:headwater:machine:" + machine(run));
        json.writeObjectPropertyStart("version");
        json.writeStringProperty("headwater", version);
        json.writeEndObject();
        json.writeEndObject();
        json.writeObjectPropertyStart("metadata");
        json.writeStringProperty("invocationId", "urn:uuid:" + uuid(run));
        json.writeStringProperty("startedOn", time(session.startNs()));
        if (session.endNs() != 0) {
            json.writeStringProperty("finishedOn", time(session.endNs()));
        }
        json.writeObjectPropertyStart("headwater_completeness");
        json.writeBooleanProperty("complete", run.isComplete());
        json.writeArrayPropertyStart("gaps");
        for (Gap gap : run.gaps()) {
            json.writeString(gap.cause().text() + ": " + gap.kind().text() + ", " + gap.count());
        }
        json.writeEndArray();
        json.writeEndObject();
        json.writeEndObject();
        json.writeArrayPropertyStart("byproducts");
        // Without a digest only the URI says which it is.
        findings.others().forEach(item -> file(json, item, true));
        json.writeEndArray();
        json.writeEndObject();
    }
}
