// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Explain;
import headwater.query.FileNow;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.Report;
import headwater.query.What;
import headwater.query.WhatFinder;
import headwater.query.format.W3cFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openprovenance.prov.interop.InteropFramework;
import org.openprovenance.prov.model.Document;
import org.openprovenance.prov.model.interop.Formats.ProvFormat;

/** W3C's PROV-N and PROV-JSON; the oracle is ProvToolbox. */
class ProvImportTest {
    private static final String DOCUMENT = """
            document
              prefix ex <http://example.org/>
              // A comment, and another:
              /* over
                 two lines */
              entity(ex:article, [prov:type="ex:Text", ex:title="Crime \\"rises\\"" %% xsd:string, ex:size=42])
              entity(ex:data, [ prov:label="Gefunden"@de ])
              entity(ex:chart)
              activity(ex:compose, 2012-03-31T09:21:00, 2012-04-01T15:21:00, [ex:host='ex:alpha'])
              agent(ex:derek, [prov:type='prov:Person'])
              used(ex:compose, ex:data, 2012-03-31T09:30:00)
              wasGeneratedBy(ex:g1; ex:chart, ex:compose, -)
              wasGeneratedBy(ex:article, ex:compose, 2012-04-01T15:21:00)
              wasAssociatedWith(ex:compose, ex:derek, -, [prov:role="author"])
              wasAttributedTo(ex:chart, ex:derek)
              wasDerivedFrom(ex:chart, ex:data, ex:compose, -, -)
              wasDerivedFrom(ex:article, ex:chart, -, -, -, [prov:type='prov:Revision'])
              specializationOf(ex:article, ex:story)
              wasInvalidatedBy(ex:data, -, 2012-04-02T00:00:00)
            endDocument
            """;

    @TempDir
    private Path folder;

    private static What what(String text) {
        return What.parse(text);
    }

    private static WhatFinder finder(Imported imported) {
        return new WhatFinder(imported.view, path -> new FileNow(path, path, false, false, 0, 0));
    }

    @Test
    void shouldAnswerOfProvN() throws IOException, NothingFoundException {
        try (Imported imported = Imported.of(folder, DOCUMENT)) {
            assertEquals(ImportFormat.PROV_N, imported.format);
            assertEquals(List.of(), imported.faults);
            assertEquals(8, imported.view.edges());
            var answer = Lineage.ancestors(imported.view, "x", finder(imported).find(what("ex:article")), Limits.NONE);
            Set<String> labels = IntStream.range(0, answer.nodes().length).mapToObj(i ->
                    new headwater.query.Labels(imported.view).of(imported.view.object(answer.nodes()[i])))
                            .collect(Collectors.toSet());
            assertEquals(Set.of("ex:article", "ex:compose", "ex:derek", "ex:chart", "Gefunden", "ex:story"), labels);
            var path = Explain.between(imported.view, "a", finder(imported).find(what("ex:data")), "b",
                    finder(imported).find(what("ex:article")),
                    Limits.NONE);
            assertEquals(2, path.flows().size());
            assertEquals(path.flows().get(0).effect(), path.flows().get(1).cause());
            assertEquals(NodeKind.AGENT, imported.view.kind(finder(imported).find(what("ex:derek")).objects()
                    .getFirst()));
            Report.of(imported.view, "x", finder(imported).find(what("ex:data")), Limits.NONE);
        }
    }

    @Test
    void shouldSayWhatProvToolboxReads() throws IOException {
        try (Imported imported = Imported.of(folder, DOCUMENT)) {
            InteropFramework toolbox = new InteropFramework();
            Document expected = toolbox.readDocument(new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8)), ProvFormat.PROVN);
            Document found = toolbox.readDocument(new ByteArrayInputStream(imported.export(new W3cFormat())
                    .getBytes(StandardCharsets.UTF_8)),
                    ProvFormat.JSON);
            assertEquals(statements(toolbox, expected), statements(toolbox, found));
        }
    }

    /** As PROV-N, one statement a line, without identifiers that PROV-JSON must invent. */
    private static Set<String> statements(InteropFramework toolbox, Document document) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        toolbox.writeDocument(out, document, ProvFormat.PROVN);
        return out.toString(StandardCharsets.UTF_8).lines().map(String::strip).filter(line -> line.contains("("))
                .map(line -> line.replaceAll("\\(_:?[a-z0-9]+; ?", "(").replaceAll("_:[a-z]+[0-9]+;", ""))
                .map(line -> java.util.Arrays.stream(line.split("[\\[\\]]|, ")).sorted()
                .collect(Collectors.joining(", ")))
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }

    @Test
    void shouldReadWhatProvToolboxWrites() throws IOException {
        InteropFramework toolbox = new InteropFramework();
        Document document = toolbox.readDocument(new ByteArrayInputStream(DOCUMENT.getBytes(StandardCharsets.UTF_8)),
                ProvFormat.PROVN);
        for (ProvFormat format : new ProvFormat[] {ProvFormat.JSON, ProvFormat.PROVN}) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            toolbox.writeDocument(out, document, format);
            try (Imported imported = Imported.of(folder.resolve(format.name()), out.toString(StandardCharsets.UTF_8))) {
                assertEquals(List.of(), imported.faults, format::name);
                assertEquals(8, imported.view.edges(), out::toString);
                Document found = toolbox.readDocument(
                        new ByteArrayInputStream(imported.export(new W3cFormat()).getBytes(StandardCharsets.UTF_8)),
                        ProvFormat.JSON);
                assertEquals(statements(toolbox, document), statements(toolbox, found), format::name);
            }
        }
    }

    @Test
    void shouldGoOnAfterABadStatement() throws IOException {
        String source = DOCUMENT.replace("entity(ex:chart)", "entity(ex:chart").replace("agent(ex:derek,",
                "agnt(ex:derek,");
        try (Imported imported = Imported.of(folder, source)) {
            assertEquals(2, imported.figures.bad(), imported.faults::toString);
            assertTrue(imported.faults.get(1).contains("line 10, column 3"), imported.faults::toString);
            assertEquals(8, imported.view.edges());
            assertEquals(2, imported.view.gaps().getFirst().count());
        }
    }

    /** ProvToolbox leaves these out. */
    @Test
    void shouldReadTheShortForms() throws IOException {
        try (Imported imported = Imported.of(folder,
                "document\nwasRevisionOf(ex:r; ex:b, ex:a)\nemptyCollection(ex:c)\n"
                + "hadMember(ex:d, ex:a)\nex:own(ex:a)\nendDocument\n")) {
            assertEquals(1, imported.figures.bad());
            assertEquals(2, imported.view.edges());
            Set<String> members = CamflowImportTest.members(imported.export(new W3cFormat()));
            assertTrue(members.contains("wasDerivedFrom ex:r {prov:generatedEntity=ex:b, prov:usedEntity=ex:a, "
                    + "prov:type=[{$=prov:Revision, type=prov:QUALIFIED_NAME}]}"), members::toString);
        }
    }

    @Test
    void shouldKeepBundles() throws IOException {
        String source = """
                {"prefix": {"ex": "http://example.org/", "prov": "http://www.w3.org/ns/prov#"},
                 "entity": {"ex:b": {"prov:type": {"$": "prov:Bundle", "type": "prov:QUALIFIED_NAME"}}},
                 "bundle": {"ex:b": {
                   "entity": {"ex:e": [{"ex:a": 1}, {"ex:a": 2}]},
                   "used": {"_:u": {"prov:activity": "ex:a", "prov:entity": "ex:e"}}
                 }}
                }
                """;
        try (Imported imported = Imported.of(folder, source)) {
            assertEquals(List.of(), imported.faults);
            assertEquals(Relation.USED, imported.view.edge(0).relation());
            JsonBody found = JsonBody.of(imported.export(new W3cFormat()).strip());
            assertEquals(JsonBody.of(source).members().get("bundle"), found.members().get("bundle"));
            assertEquals(JsonBody.of(source).members().get("entity"), found.members().get("entity"));
            assertEquals("http://example.org/", found.object("prefix").text("ex"));
        }
    }
}
