// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import headwater.query.Escapes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** A document of evidence of one run. All are JSON. */
public abstract class RunFormat {
    private final String name;

    RunFormat(String name) {
        this.name = name;
    }

    /** All of them. */
    public static List<RunFormat> all() {
        return List.of(new InTotoFormat(), new CycloneDxFormat(), new SpdxFormat(), new RoCrateFormat());
    }

    /** The word after {@code --format}. */
    public final String name() {
        return name;
    }

    /**
     * What a document says of files that it could not take for what the run saw.
     *
     * @param outputsLeft written files that have no digest, as they have changed since
     * @param inputsLeft likewise, of those that were read
     */
    public record Written(long outputsLeft, long inputsLeft) {
    }

    /**
     * Writes the document to {@code out}, which the caller closes.
     *
     * @param version of Headwater
     */
    public final Written write(Run run, DpkgDatabase dpkg, String version, OutputStream out) throws IOException {
        Findings findings = Findings.of(run, dpkg);
        JsonFactory factory = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
        ObjectWriteContext pretty = new ObjectWriteContext.Base() {
            @Override
            public DefaultPrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter();
            }

            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }
        };
        try (JsonGenerator json = factory.createGenerator(pretty, out)) {
            write(findings, dpkg, version, json);
            json.writeRaw('\n');
        } catch (JacksonException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getMessage(), e);
        }
        return new Written(findings.others().stream().filter(item -> item.file().use() != RunFile.Use.TEMPORARY)
                .count(),
                findings.inputs().stream().filter(item -> !item.digest().isKnown()).count());
    }

    abstract void write(Findings findings, DpkgDatabase dpkg, String version, JsonGenerator json);

    /** The same for the same run in all documents. */
    static String uuid(Run run) {
        String seed = run.session().bootId() + '/' + run.session().number() + '/' + run.session().startNs();
        return UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /** Whole seconds, as all of these formats want it. */
    static String time(long timeNs) {
        return Instant.ofEpochSecond(Math.floorDiv(timeNs, 1_000_000_000L)).toString();
    }

    static String machine(Run run) {
        return Integer.toUnsignedString(run.session().machineId());
    }

    /** As a URI: {@code file:///…}. */
    static String uri(String path) {
        StringBuilder uri = new StringBuilder("file://");
        for (byte b : Escapes.toBytes(path)) {
            int c = b & 0xff;
            boolean plain = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
                    || "-._~/".indexOf(c) >= 0;
            uri.append(plain ? String.valueOf((char) c) : String.format("%%%02X", c));
        }
        return uri.toString();
    }
}
