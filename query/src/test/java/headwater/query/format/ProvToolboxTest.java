// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.query.MemoryGraph;
import headwater.query.Scene;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.openprovenance.prov.interop.InteropFramework;
import org.openprovenance.prov.model.Activity;
import org.openprovenance.prov.model.Document;
import org.openprovenance.prov.model.Entity;
import org.openprovenance.prov.model.StatementOrBundle;
import org.openprovenance.prov.model.Used;
import org.openprovenance.prov.model.WasDerivedFrom;
import org.openprovenance.prov.model.WasGeneratedBy;
import org.openprovenance.prov.model.WasInformedBy;
import org.openprovenance.prov.model.interop.Formats.ProvFormat;

/** An independent reader of PROV-JSON takes our documents for what they are. */
class ProvToolboxTest {
    @Test
    void shouldReadEveryNodeAndEdge() throws IOException {
        Scene scene = Scene.pipeline();
        long machine = scene.object(NodeKind.MACHINE);
        scene.flow(Relation.RAN_ON, machine, scene.task(101));
        scene.connect(103, "10.0.0.5:40000", "93.184.216.34:443");
        disclose(scene);
        MemoryGraph graph = scene.graph();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new W3cFormat().writeAll(graph, out);
        Document document = new InteropFramework().readDocument(new ByteArrayInputStream(out.toByteArray()),
                ProvFormat.JSON);
        Map<StatementOrBundle.Kind, Integer> kinds = new HashMap<>();
        Set<String> entities = new HashSet<>();
        Set<String> activities = new HashSet<>();
        for (StatementOrBundle statement : document.getStatementOrBundle()) {
            kinds.merge(statement.getKind(), 1, Integer::sum);
            switch (statement) {
                case Entity entity -> entities.add(local(entity.getId()));
                case Activity activity -> activities.add(local(activity.getId()));
                default -> { }
            }
        }
        for (StatementOrBundle statement : document.getStatementOrBundle()) {
            if (statement instanceof Used used) {
                assertTrue(activities.contains(local(used.getActivity())), used::toString);
                assertTrue(entities.contains(local(used.getEntity())), used::toString);
            } else if (statement instanceof WasGeneratedBy generated) {
                assertTrue(activities.contains(local(generated.getActivity())), generated::toString);
                assertTrue(entities.contains(local(generated.getEntity())), generated::toString);
            } else if (statement instanceof WasDerivedFrom derived) {
                assertTrue(entities.contains(local(derived.getUsedEntity())), derived::toString);
                assertTrue(entities.contains(local(derived.getGeneratedEntity())), derived::toString);
            } else if (statement instanceof WasInformedBy informed) {
                assertTrue(activities.contains(local(informed.getInformant())), informed::toString);
                assertTrue(activities.contains(local(informed.getInformed())), informed::toString);
            }
        }
        assertEquals(count(graph, ProvClass.ENTITY), kinds.get(StatementOrBundle.Kind.PROV_ENTITY));
        assertEquals(count(graph, ProvClass.ACTIVITY), kinds.get(StatementOrBundle.Kind.PROV_ACTIVITY));
        assertEquals(1, kinds.get(StatementOrBundle.Kind.PROV_AGENT));
        int edges = kinds.entrySet().stream().filter(kind -> switch (kind.getKey()) {
            case PROV_USAGE, PROV_GENERATION, PROV_COMMUNICATION, PROV_ASSOCIATION, PROV_DERIVATION -> true;
            default -> false;
        }).mapToInt(Map.Entry::getValue).sum();
        assertEquals(graph.edges(), edges);
    }

    private static void disclose(Scene scene) {
        MemoryGraph graph = scene.graph();
        long step = scene.object(NodeKind.DISC_ACTIVITY);
        long row = scene.object(NodeKind.DISC_ENTITY);
        long about = scene.object(NodeKind.DISC_ENTITY);
        scene.text(step, Attribute.VALUE, "a \"step\"").text(step, Attribute.DISCLOSED, "{\"app:width\":100,\"prov:type\":\"task\"}")
                .number(step, Attribute.DISCLOSED_BY, graph.versions(scene.task(101))[0]).text(about, Attribute.DISCLOSED, "{\"by\":\"hand\"}");
        scene.flow(Relation.INFORMED_DISC, scene.task(101), step, DisclosedFlags.TELLER, -1)
                .flow(Relation.USED_DISC, scene.file("/etc/passwd"), step).flow(Relation.GENERATED_DISC, step, row)
                .flow(Relation.DERIVED_DISC, row, scene.file("/tmp/p.gz"), DisclosedFlags.ATTRIBUTED | DisclosedFlags.EXHAUSTIVE, about);
    }

    /** The toolbox escapes the = of base64 in some places and not in others. */
    private static String local(org.openprovenance.prov.model.QualifiedName name) {
        return name.getLocalPart().replace("\\", "");
    }

    private static int count(MemoryGraph graph, ProvClass provClass) {
        int count = 0;
        for (long node = 0; node < graph.nodes(); node++) {
            count += graph.kind(graph.object(node)).provClass() == provClass ? 1 : 0;
        }
        return count;
    }
}
