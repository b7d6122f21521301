// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.query.MemoryGraph;
import headwater.query.Scene;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.spdx.jacksonstore.MultiFormatStore;
import org.spdx.library.SpdxModelFactory;
import org.spdx.library.model.v2.SpdxDocument;
import org.spdx.storage.simple.InMemSpdxStore;

/**
 * Documents of a run of a small build, of real files: cc reads main.c and a header of a package, writes main.o; ld
 * makes prog of it.
 */
class RunFormatsTest {
    @TempDir
    private Path folder;
    private Path source;
    private Path header;
    private Path product;
    private Path intermediate;
    private MemoryGraph graph;
    private DpkgDatabase dpkg;

    @BeforeEach
    void build() throws IOException {
        source = Files.writeString(folder.resolve("main.c"), "int main;");
        header = Files.writeString(folder.resolve("std lib.h"), "#define X");
        intermediate = Files.writeString(folder.resolve("main.o"), "object");
        product = Files.writeString(folder.resolve("prog"), "program");
        Path info = Files.createDirectories(folder.resolve("dpkg/info"));
        Files.writeString(info.resolve("libx-dev:amd64.list"), "/.\n" + header + "\n");
        Files.writeString(info.resolve("libx-dev:amd64.md5sums"), FileDigest.read(header).md5() + "  "
                + header.toString().substring(1) + "\n");
        Files.writeString(folder.resolve("dpkg/status"),
                "Package: libx-dev\nStatus: install ok installed\nArchitecture: amd64\n"
                + "Multi-Arch: same\nSource: x (1.0)\nVersion: 1:2.0+dfsg-1\nMaintainer: A <a@example.org>\n\n");
        Path os = Files.writeString(folder.resolve("os-release"), "ID=debian\nVERSION_ID=\"12\"\n");
        dpkg = new DpkgDatabase(folder.resolve("dpkg"), os);
        Scene scene = new Scene();
        scene.fork(100, 101).exec(101, "/usr/bin/cc", "cc", "-c", "main.c").read(101, source.toString())
                .read(101, header.toString())
                .write(101, intermediate.toString()).exit(101);
        scene.fork(100, 102).exec(102, "/usr/bin/ld", "ld", "-o", "prog").read(102, intermediate.toString())
                .write(102, folder.resolve("tmp.s").toString()).read(102, folder.resolve("tmp.s").toString())
                .write(102, product.toString());
        scene.delete(folder.resolve("tmp.s").toString());
        for (Path path : List.of(source, header, intermediate, product)) {
            scene.number(scene.file(path.toString()), Attribute.INO, (Long) Files.getAttribute(path, "unix:ino",
                    LinkOption.NOFOLLOW_LINKS));
        }
        graph = scene.graph();
        // The scene is of a time of its own; the files are of now.
        graph.sessionEnd(Long.MAX_VALUE / 2);
    }

    private byte[] written(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RunFormat.all().stream().filter(one -> one.name().equals(format)).findFirst().orElseThrow()
                .write(Run.of(graph, graph.sessions().getFirst()), dpkg, "0.1", out);
        return out.toByteArray();
    }

    /** Statements are judged whichever test asks for them. */
    private JsonNode json(String format) throws IOException {
        JsonNode document = new ObjectMapper().readTree(written(format));
        if (format.equals("in-toto")) {
            assertEquals(List.of(), StatementRules.faults(document));
        }
        return document;
    }

    private static List<String> texts(JsonNode array, String key) {
        return StreamSupport.stream(array.spliterator(), false).map(node -> node.path(key).asText()).toList();
    }

    @Test
    void shouldTellInputsFromWhatTheRunMade() {
        Run run = Run.of(graph, graph.sessions().getFirst());
        List<String> uses = run.files().stream().map(file -> new String(file.path(), StandardCharsets.UTF_8)
                .replaceFirst(".*/", "") + " " + file.use()).toList();
        assertTrue(uses.containsAll(List.of("main.c INPUT", "std lib.h INPUT", "main.o INTERMEDIATE", "prog OUTPUT",
                "tmp.s TEMPORARY",
                "cc INPUT", "ld INPUT")), uses::toString);
        assertTrue(run.commands().containsAll(List.of("cc -c main.c", "ld -o prog")), run.commands()::toString);
        Run of = run.of(List.of(new headwater.query.Start("o", List.of(graph.find(Attribute.NAME,
                intermediate.toString().getBytes(StandardCharsets.UTF_8))[0]), graph.versions(graph.find(Attribute.NAME,
                        intermediate.toString().getBytes(StandardCharsets.UTF_8))[0]), List.of())));
        List<String> less = of.files().stream().map(file -> new String(file.path(), StandardCharsets.UTF_8)
                .replaceFirst(".*/", "")).toList();
        assertTrue(less.contains("main.c") && !less.contains("prog") && !less.contains("ld"), less::toString);
    }

    @Test
    void shouldAttestWhatWasRead() throws IOException {
        JsonNode statement = json("in-toto");
        assertEquals("https://in-toto.io/Statement/v1", statement.path("_type").asText());
        assertEquals("https://slsa.dev/provenance/v1", statement.path("predicateType").asText());
        assertEquals(Set.of(intermediate.toString(), product.toString()),
                new HashSet<>(texts(statement.path("subject"), "name")));
        statement.path("subject").forEach(subject -> assertTrue(subject.path("digest").path("sha256").asText()
                .matches("[0-9a-f]{64}")));
        JsonNode build = statement.path("predicate").path("buildDefinition");
        assertFalse(build.path("buildType").asText().isEmpty());
        assertFalse(build.path("externalParameters").path("command").asText().isEmpty());
        List<String> uris = texts(build.path("resolvedDependencies"), "uri");
        assertTrue(uris.contains("pkg:deb/debian/libx-dev@1%3A2.0%2Bdfsg-1?arch=amd64&distro=debian-12"),
                uris::toString);
        assertTrue(uris.contains("file://" + folder + "/std%20lib.h"), uris::toString);
        for (JsonNode one : build.path("resolvedDependencies")) {
            if (one.path("name").asText().equals(source.toString())) {
                assertEquals(FileDigest.read(source).sha256(), one.path("digest").path("sha256").asText());
            }
            // A resource has a name, a URI or a digest, and all are texts.
            assertTrue(one.path("uri").isTextual());
        }
        JsonNode details = statement.path("predicate").path("runDetails");
        assertTrue(details.path("builder").path("id").asText().startsWith("urn:"));
        assertTrue(details.path("metadata").path("startedOn").asText().matches("[0-9-]+T[0-9:]+Z"));
        assertTrue(details.path("metadata").path("headwater_completeness").path("complete").asBoolean());
        assertEquals(List.of(folder.resolve("tmp.s").toString()), texts(details.path("byproducts"), "name"));
    }

    /** The judge does judge. */
    @Test
    void shouldFindFaultsOfStatements() throws IOException {
        String statement = json("in-toto").toString();
        String digest = FileDigest.read(product).sha256();
        for (String[] change : List.of(new String[] {"\"predicate\":", "\"more\":1,\"predicate\":"},
                new String[] {"\"buildType\":", "\"build_type\":"}, new String[] {"\"startedOn\":\"", "\"startedOn\":\"on "},
                new String[] {digest, digest.toUpperCase(Locale.ROOT)}, new String[] {"\"sha256\":", "\"sha257\":"},
                new String[] {"\"digest\":{\"sha256\":\"" + digest + "\"}", "\"mediaType\":\"x/y\""},
                new String[] {"\"uri\":\"file:///", "\"uri\":\"/"}, new String[] {"\"version\":{", "\"version\":{\"x\":1,"},
                new String[] {"/Statement/v1", "/Statement/v0.1"}, new String[] {"\"metadata\":{", "\"metadata\":{\"done\":1,"})) {
            assertTrue(statement.contains(change[0]), change[0]);
            JsonNode changed = new ObjectMapper().readTree(statement.replace(change[0], change[1]));
            assertFalse(StatementRules.faults(changed).isEmpty(), change[1]);
        }
    }

    @Test
    void shouldNotAttestWhatIsNotKnown() throws IOException {
        graph.gap(new Gap(Gap.Cause.RING_FULL, 0, Scene.T0, Scene.T0 + 1, 3));
        // What the run had is gone: another file has its name.
        Files.move(Files.writeString(folder.resolve("other"), "other"), product,
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        JsonNode statement = json("in-toto");
        assertEquals(List.of(intermediate.toString()), texts(statement.path("subject"), "name"));
        JsonNode details = statement.path("predicate").path("runDetails");
        assertFalse(details.path("metadata").path("headwater_completeness").path("complete").asBoolean());
        List<String> states = new ArrayList<>();
        details.path("byproducts").forEach(one -> states.add(one.path("annotations").path("digest").asText()));
        assertTrue(states.contains("replaced since the run"), states::toString);
        assertEquals("incomplete", json("cyclonedx").path("compositions").get(0).path("aggregate").asText());
        // A session that ended before the files changed.
        graph.sessionEnd(Scene.T0 + 10_000_000_000L);
        assertEquals(List.of(), texts(json("in-toto").path("subject"), "name"));
        assertTrue(json("in-toto").toString().contains("changed since the run"));
    }

    @Test
    void shouldUseTheDigestThatWasTakenAtTheEnd() throws IOException {
        RunDigests.Figures figures = RunDigests.take(graph, graph.sessions().getFirst(), graph,
                () -> Long.MAX_VALUE / 2);
        assertEquals(4, figures.taken());
        String before = FileDigest.read(product).sha256();
        Files.writeString(product, "something else");
        graph.sessionEnd(Scene.T0 + 10_000_000_000L);
        JsonNode statement = json("in-toto");
        assertTrue(statement.path("subject").toString().contains(before));
        assertTrue(statement.toString().contains("taken at the end of the run"));
    }

    @Test
    void shouldWriteCycloneDxByItsSchema() throws Exception {
        byte[] bom = written("cyclonedx");
        assertEquals(List.of(), new JsonParser().validate(bom, Version.VERSION_16));
        var read = new JsonParser().parse(bom);
        assertTrue(read.getComponents().stream().anyMatch(one -> "libx-dev".equals(one.getName())
                && one.getPurl() != null));
        assertTrue(read.getComponents().stream().anyMatch(one -> source.toString().equals(one.getName())
                && !one.getHashes().isEmpty()));
        // The judge does judge.
        assertFalse(new JsonParser().validate(new String(bom, StandardCharsets.UTF_8).replace("\"library\"",
                "\"nonsense\"")
                .getBytes(StandardCharsets.UTF_8), Version.VERSION_16).isEmpty());
    }

    @Test
    void shouldWriteSpdxThatItsLibraryAccepts() throws Exception {
        SpdxModelFactory.init();
        MultiFormatStore store = new MultiFormatStore(new InMemSpdxStore(), MultiFormatStore.Format.JSON);
        SpdxDocument document = store.deSerialize(new ByteArrayInputStream(written("spdx")), false);
        assertEquals(List.of(), document.verify());
        assertEquals(1, document.getDocumentDescribes().size());
        assertEquals(Set.of("headwater-session-1"), Set.of(document.getName().orElseThrow()));
    }

    /** By the profile's own rules: every reference has its entity, the action its instrument, objects and results. */
    @Test
    void shouldWriteAProcessRunCrate() throws IOException {
        JsonNode graphOf = json("ro-crate").path("@graph");
        Set<String> ids = new HashSet<>(texts(graphOf, "@id"));
        assertEquals(graphOf.size(), ids.size());
        JsonNode descriptor = entity(graphOf, "ro-crate-metadata.json");
        assertEquals("CreativeWork", descriptor.path("@type").asText());
        assertEquals("https://w3id.org/ro/crate/1.1", descriptor.path("conformsTo").path("@id").asText());
        JsonNode root = entity(graphOf, descriptor.path("about").path("@id").asText());
        assertEquals("Dataset", root.path("@type").asText());
        for (String key : List.of("name", "description", "datePublished", "license", "hasPart", "mentions",
                "conformsTo")) {
            assertTrue(root.has(key), key);
        }
        JsonNode action = entity(graphOf, root.path("mentions").get(0).path("@id").asText());
        assertEquals("CreateAction", action.path("@type").asText());
        assertEquals("SoftwareApplication", entity(graphOf, action.path("instrument").path("@id").asText())
                .path("@type").asText());
        assertTrue(texts(action.path("object"), "@id").contains("file://" + source));
        assertTrue(texts(action.path("result"), "@id").contains("file://" + product));
        graphOf.forEach(one -> one.findValues("@id").stream().map(JsonNode::asText)
                .filter(id -> !id.equals("https://w3id.org/ro/crate/1.1"))
                .forEach(id -> assertTrue(ids.contains(id), id)));
        Set<String> parts = new HashSet<>(texts(root.path("hasPart"), "@id"));
        graphOf.forEach(one -> assertTrue(!one.path("@type").asText().equals("File")
                || parts.contains(one.path("@id").asText())));
    }

    @Test
    void shouldUseOnlyTermsOfTheCratesContexts() throws IOException {
        JsonNode crate = json("ro-crate");
        assertEquals(List.of(), CrateRules.faults(crate));
        // The judge does judge.
        for (String[] change : List.of(new String[] {"\"instrument\":", "\"instrumentt\":"},
                new String[] {"\"CreateAction\"", "\"MakeAction\""}, new String[] {"\"sha256\":\"https:", "\"sha512\":\"https:"},
                new String[] {"\"name\":\"Process Run Crate\"", "\"name\":{\"text\":\"Process Run Crate\"}"},
                new String[] {"std%20lib", "std lib"})) {
            String changed = crate.toString().replace(change[0], change[1]);
            assertFalse(changed.equals(crate.toString()), change[0]);
            assertFalse(CrateRules.faults(new ObjectMapper().readTree(changed)).isEmpty(), change[1]);
        }
    }

    private static JsonNode entity(JsonNode graphOf, String id) {
        return StreamSupport.stream(graphOf.spliterator(), false).filter(one -> one.path("@id").asText().equals(id))
                .findFirst().orElseThrow();
    }

    @Test
    void shouldFindPackagesOfThisKindOfMachine() throws IOException {
        Path info = folder.resolve("dpkg/info");
        Files.writeString(info.resolve("base.list"), "/lib/x/libc.so\n/bin/tool\n/usr/share/doc\n");
        Files.writeString(info.resolve("other.list"), "/bin/tool\n");
        Files.writeString(folder.resolve("dpkg/diversions"), "/bin/tool\n/bin/tool.base\nother\n");
        Files.writeString(folder.resolve("dpkg/status"),
                "Package: base\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\n\n"
                + "Package: other\nStatus: install ok installed\nArchitecture: all\nVersion: 2\n\n"
                + "Package: gone\nStatus: deinstall ok config-files\nVersion: 3\n");
        var owners = dpkg.owners(List.of("/usr/lib/x/libc.so", "/usr/bin/tool", "/bin/tool", "/bin/tool.base",
                "/nobody"));
        assertEquals("base", owners.get("/usr/lib/x/libc.so").owner().name());
        assertEquals("other", owners.get("/bin/tool").owner().name());
        assertEquals("base", owners.get("/bin/tool.base").owner().name());
        assertFalse(owners.containsKey("/nobody"));
    }
}
