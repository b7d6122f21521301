// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rooms of docs/architecture.md: who may know whom. */
class BoundariesTest {
    private static JavaClasses all;

    @BeforeAll
    static void read() {
        all = new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests())
                .withImportOption(location -> !location.contains("-tests.jar")).importPackages("headwater");
    }

    @ParameterizedTest(name = "{0} knows {1}")
    @CsvSource(delimiter = ';', value = {
        "model; model",
        "record; record",
        "capture; model record",
        "graph; model record",
        "store; model",
        "expression; expression",
        "query; model expression",
        "config; model query expression",
        "importers; model",
        "evidence; model query",
        "outputs; model capture store query",
        "recorders; model store outputs kafka",
        "kafka; model store",
        "agent; model record capture graph store query outputs recorders config",
        "disclosure; disclosure",
        "cli; model capture agent store expression query config outputs recorders disclosure importers evidence"})
    void shouldKnowOnlyItsNeighbours(String room, String known) {
        String[] packages = Stream.concat(Stream.of(room), Arrays.stream(known.split(" ")))
                .map(name -> "headwater." + name + "..").toArray(String[]::new);
        assertFalse(all.that(resideInAPackage("headwater." + room + "..")).isEmpty(), () -> "no classes in room " + room);
        classes().that().resideInAPackage("headwater." + room + "..").should().onlyDependOnClassesThat(
                resideInAnyPackage(packages).or(not(resideInAPackage("headwater..")))).check(all);
    }

    @ParameterizedTest(name = "{0} does not know {1}")
    @CsvSource({
        "headwater.capture.kernel, headwater.capture.ring..",
        "headwater.capture.kernel, headwater.capture",
        "headwater.capture.ring, headwater.capture",
        "headwater.outputs, headwater.outputs.mqtt..",
        "headwater.outputs.., headwater.capture",
        "headwater.recorders, headwater.recorders.*..",
        "headwater.recorders, headwater.kafka..",
        "headwater.store.log, headwater.store.index..",
        "headwater.store.log, headwater.store.seal..",
        "headwater.store.keys, headwater.store.seal..",
        "headwater.query, headwater.query.format..",
        "headwater.query, headwater.query.picture..",
        "headwater.query.picture, headwater.query.format.."})
    void shouldNotLookBackWithinARoom(String inner, String outer) {
        noClasses().that().resideInAPackage(inner).should().dependOnClassesThat().resideInAPackage(outer).check(all);
    }

    /** An auditor reads these few files, and nothing else of ours. */
    @Test
    void shouldVerifyWithoutTheCodeThatWritesAndReadsStores() {
        classes().that().resideInAPackage("headwater.store.verify..").should().onlyDependOnClassesThat(
                resideInAPackage("headwater.store.verify..").or(not(resideInAPackage("headwater..")))).check(all);
    }

    @Test
    void shouldCallTheSystemFromOnePlaceButForAdviceOnMappingsAndThreads() {
        noClasses().that().resideOutsideOfPackage("headwater.capture.kernel..")
                .and().doNotHaveFullyQualifiedName("headwater.store.index.MappedAdvice")
                .and().doNotHaveFullyQualifiedName("headwater.store.index.ThreadPriority").should()
                .dependOnClassesThat().belongToAnyOf(Linker.class, SymbolLookup.class).check(all);
    }

    @Test
    void shouldLeaveStandardOutputToTheCommandLine() {
        noClasses().that().resideOutsideOfPackage("headwater.cli..").should().accessField(System.class, "out").check(all);
    }

    @Test
    void shouldParseCommandLinesInOneRoom() {
        noClasses().that().resideOutsideOfPackage("headwater.cli..").should()
                .dependOnClassesThat().resideInAPackage("picocli..").check(all);
    }
}
