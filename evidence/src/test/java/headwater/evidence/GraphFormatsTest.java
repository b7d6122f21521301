// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.query.MemoryGraph;
import headwater.query.Scene;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.jgrapht.Graph;
import org.jgrapht.graph.DefaultEdge;
import org.jgrapht.graph.DirectedPseudograph;
import org.jgrapht.nio.graphml.GraphMLImporter;
import org.jgrapht.util.SupplierUtil;
import org.junit.jupiter.api.Test;
import org.openprovenance.prov.interop.InteropFramework;
import org.openprovenance.prov.model.Document;
import org.openprovenance.prov.model.StatementOrBundle;
import org.openprovenance.prov.model.interop.Formats.ProvFormat;

/** Readers of others take each format for what it is, and find every node and edge in it. */
class GraphFormatsTest {
    private static MemoryGraph graph() {
        Scene scene = Scene.pipeline();
        long machine = scene.object(NodeKind.MACHINE);
        scene.flow(Relation.RAN_ON, machine, scene.task(101));
        scene.connect(103, "10.0.0.5:40000", "93.184.216.34:443");
        scene.flow(Relation.READ, scene.file("/tmp/a \"b\" <c> & \\d\nnew'()[]=;,-"), scene.task(103));
        long odd = scene.object(NodeKind.ARGV);
        scene.text(odd, Attribute.VALUE, "x\u0001y\u007f");
        return scene.graph();
    }

    private static byte[] written(String format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GraphFormat.all().stream().filter(one -> one.name().equals(format)).findFirst().orElseThrow()
                .write(new Part(graph(), null), out);
        return out.toByteArray();
    }

    private static void toolboxFinds(byte[] text, ProvFormat format) throws IOException {
        MemoryGraph graph = graph();
        Document document = new InteropFramework().readDocument(new ByteArrayInputStream(text), format);
        Map<StatementOrBundle.Kind, Integer> found = new EnumMap<>(StatementOrBundle.Kind.class);
        document.getStatementOrBundle().forEach(statement -> found.merge(statement.getKind(), 1, Integer::sum));
        Map<StatementOrBundle.Kind, Integer> wanted = new HashMap<>();
        for (long node = 0; node < graph.nodes(); node++) {
            ProvClass provClass = graph.kind(graph.object(node)).provClass();
            wanted.merge(StatementOrBundle.Kind.valueOf("PROV_" + provClass.name()), 1, Integer::sum);
        }
        for (long edge = 0; edge < graph.edges(); edge++) {
            wanted.merge(switch (graph.edge(edge).relation().relationClass()) {
                case USED -> StatementOrBundle.Kind.PROV_USAGE;
                case GENERATED -> StatementOrBundle.Kind.PROV_GENERATION;
                case DERIVED -> StatementOrBundle.Kind.PROV_DERIVATION;
                case INFORMED -> StatementOrBundle.Kind.PROV_COMMUNICATION;
                case INFLUENCED -> StatementOrBundle.Kind.PROV_INFLUENCE;
                case ASSOCIATED -> StatementOrBundle.Kind.PROV_ASSOCIATION;
            }, 1, Integer::sum);
        }
        assertEquals(wanted, found);
    }

    @Test
    void shouldWriteProvNThatProvToolboxReads() throws IOException {
        toolboxFinds(written("prov-n"), ProvFormat.PROVN);
    }

    @Test
    void shouldWriteJsonLdThatProvToolboxReads() throws IOException {
        toolboxFinds(written("json-ld"), ProvFormat.JSONLD);
    }

    @Test
    void shouldWriteGraphMlByItsSchema() throws Exception {
        byte[] text = written("graphml");
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        ClassLoader loader = GraphMLImporter.class.getClassLoader();
        try (InputStream xlink = loader.getResourceAsStream("xlink.xsd"); InputStream graphml = loader.getResourceAsStream("graphml.xsd")) {
            factory.newSchema(new StreamSource[] {new StreamSource(xlink), new StreamSource(graphml)}).newValidator()
                    .validate(new StreamSource(new ByteArrayInputStream(text)));
        }
        Graph<String, DefaultEdge> graph = new DirectedPseudograph<>(SupplierUtil.createStringSupplier(),
                SupplierUtil.createDefaultEdgeSupplier(), false);
        new GraphMLImporter<String, DefaultEdge>().importGraph(graph, new ByteArrayInputStream(text));
        assertEquals(graph().nodes(), graph.vertexSet().size());
        assertEquals(graph().edges(), graph.edgeSet().size());
    }

    @Test
    void shouldWriteDotThatGraphvizReads() throws Exception {
        Process dot = new ProcessBuilder("dot", "-Tcanon").redirectErrorStream(true).start();
        byte[] text = written("dot");
        Thread.ofVirtual().start(() -> {
            try (var in = dot.getOutputStream()) {
                in.write(text);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        String canon = new String(dot.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(dot.waitFor(60, TimeUnit.SECONDS) && dot.exitValue() == 0, canon);
        assertEquals(graph().edges(), canon.lines().filter(line -> line.contains("->")).count());
    }
}
