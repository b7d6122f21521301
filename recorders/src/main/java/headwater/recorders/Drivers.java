// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.outputs.OutputFormat;
import headwater.outputs.OutputSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;

/**
 * All kinds of recorder: those that take blocks, in modules of their own, and those that take documents, as outputs do.
 */
final class Drivers {
    /** The key of the format, where there is a choice. */
    private static final String FORMAT = "format";

    /**
     * A kind that takes documents.
     *
     * @param destination what it is as an output
     * @param formats what it can be sent, the first if nothing is said
     */
    private record OfDocuments(String name, String destination, List<OutputFormat> formats) {
    }

    private static final List<OfDocuments> DOCUMENTS = List.of(
            new OfDocuments("gzip", "gzip", List.of(OutputFormat.W3C)),
            new OfDocuments("spade", "fifo", List.of(OutputFormat.SPADE_DSL, OutputFormat.SPADE_JSON)),
            new OfDocuments("mqtt", "mqtt", List.of(OutputFormat.W3C, OutputFormat.SPADE_JSON)));

    private Drivers() {
    }

    /** True if it takes documents. */
    static boolean isOfDocuments(RecorderSpec spec) {
        return ofDocuments(spec.kind()) != null;
    }

    private static OfDocuments ofDocuments(String kind) {
        return DOCUMENTS.stream().filter(one -> one.name.equals(kind)).findFirst().orElse(null);
    }

    /**
     * The output that does what {@code spec}, a recorder of documents, asks for: all that the store holds.
     *
     * @throws IllegalArgumentException if it cannot be sent in that format
     */
    static OutputSpec output(RecorderSpec spec) {
        OfDocuments kind = ofDocuments(spec.kind());
        Map<String, String> settings = new TreeMap<>(spec.settings());
        String word = settings.remove(FORMAT);
        OutputFormat format = word == null ? kind.formats.getFirst() : kind.formats.stream()
                .filter(one -> one.text().equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("recorder "
                        + spec.name() + ": unknown format: kind=" + kind.name + ", format=" + word + ", want one of "
                        + String.join(" ", kind.formats.stream().map(OutputFormat::text).toList())));
        return new OutputSpec(spec.name(), kind.destination, format, settings);
    }

    /**
     * The recorder of blocks that {@code spec} asks for.
     *
     * @throws IllegalArgumentException if there is no such kind, or a setting is wrong
     */
    static Recorder recorder(RecorderSpec spec) {
        List<String> names = new ArrayList<>(DOCUMENTS.stream().map(OfDocuments::name).toList());
        for (RecorderDriver driver : ServiceLoader.load(RecorderDriver.class)) {
            if (driver.name().equals(spec.kind())) {
                return driver.recorder(spec);
            }
            names.add(driver.name());
        }
        throw new IllegalArgumentException("recorder " + spec.name() + ": unknown kind: kind=" + spec.kind()
                + ", want one of "
                + String.join(" ", names.stream().sorted().toList()));
    }
}
