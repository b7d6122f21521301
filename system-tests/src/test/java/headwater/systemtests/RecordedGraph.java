// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Answer;
import headwater.query.Escapes;
import headwater.query.FileNow;
import headwater.query.Labels;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.NothingFoundException;
import headwater.query.Report;
import headwater.query.Start;
import headwater.query.What;
import headwater.query.WhatFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a recording says of the files below one folder; the questions are those of the command line. */
final class RecordedGraph {
    private static final int LABELS_SHOWN = 80;

    private final GraphView view;
    private final FileNow.Lookup files;
    private final String folder;
    private final Map<String, Integer> ports;
    private final Map<String, Answer> ancestors = new HashMap<>();
    private Answer lastAnswer;

    /**
     * @param view stays the caller's, and open
     * @param files the file system at the end of the recording
     * @param folder absolute, as the recorded processes saw it
     * @param ports of the server beyond the recorded tree
     */
    RecordedGraph(GraphView view, FileNow.Lookup files, String folder, Map<String, Integer> ports) {
        this.view = view;
        this.files = files;
        this.folder = folder;
        this.ports = ports;
    }

    int port(String name) {
        return ports.get(name);
    }

    GraphView view() {
        return view;
    }

    /** As WHAT on the command line: a relative path is one of the folder; {@code tcp:}, {@code udp:} and {@code hw:} are none. */
    private String what(String text) {
        return text.matches("(tcp:|udp:|hw:|/).*") ? text : folder + "/" + text;
    }

    private Start start(String text) {
        String what = what(text);
        try {
            return new WhatFinder(view, files).find(What.parse(what));
        } catch (NothingFoundException e) {
            return fail(e.getMessage());
        }
    }

    Answer ancestors(String text) {
        return given(ancestors.computeIfAbsent(text, t -> Lineage.ancestors(view, what(t), start(t), Limits.NONE)));
    }

    private Answer given(Answer answer) {
        lastAnswer = answer;
        return answer;
    }

    void forgetLastAnswer() {
        lastAnswer = null;
    }

    /** True if the last answer said that it is complete; where none was given, if the whole record is. */
    boolean saysComplete() {
        return lastAnswer == null ? view.gaps().isEmpty() : lastAnswer.completeness().complete();
    }

    /** True if something other than a name or an older version flows into the object. */
    boolean hasCauses(long object) {
        boolean[] has = {false};
        for (long node : view.versions(object)) {
            view.causes(node, (edge, relation, other, timeNs) -> {
                has[0] |= relation != Relation.NAMED && !relation.isVersion();
                return true;
            });
        }
        return has[0];
    }

    Answer report(String text) {
        return given(Report.of(view, what(text), start(text), Limits.NONE));
    }

    /** The objects that have, or once had, this path. */
    Set<Long> objects(String path) {
        byte[] bytes = Escapes.toBytes(what(path));
        Set<Long> objects = new LinkedHashSet<>();
        for (long object : view.find(Attribute.NAME, bytes)) {
            if (view.kind(object).isInode()) {
                objects.add(object);
            }
        }
        return objects;
    }

    /** The objects of the answer's nodes. */
    Set<Long> objects(Answer answer) {
        Set<Long> objects = new LinkedHashSet<>();
        for (long node : answer.nodes()) {
            objects.add(view.object(node));
        }
        return objects;
    }

    /** The bytes of {@code source} have come to {@code sink}. */
    void assertFrom(String sink, String source) {
        if (!comesFrom(ancestors(sink), source)) {
            fail(sink + " does not come from " + source + ", which has " + objects(source).size() + " objects; ancestors:\n"
                    + labels(ancestors(sink)));
        }
    }

    /** Something of {@code source} was told to {@code sink}: as answers say that are asked to go along {@code by}. */
    void assertToldOf(String sink, String source, Relation by) {
        Answer answer = Lineage.ancestors(view, what(sink), start(sink), Limits.NONE.through(Set.of(by)));
        if (!comesFrom(answer, source)) {
            fail(sink + " is not told of " + source + " by " + by.text() + "; ancestors:\n" + labels(answer));
        }
    }

    void assertNotFrom(String sink, String other) {
        if (comesFrom(ancestors(sink), other)) {
            fail(sink + " is said to come from " + other + "; ancestors:\n" + labels(ancestors(sink)));
        }
    }

    private boolean comesFrom(Answer answer, String source) {
        Set<Long> all = objects(answer);
        return objects(source).stream().anyMatch(all::contains);
    }

    /** Some ancestor of {@code sink} is of this kind and has this value. */
    void assertFrom(String sink, NodeKind kind, Attribute attribute, String value) {
        assertHas(ancestors(sink), kind, attribute, value);
    }

    /** Some edge of this relation leads to {@code sink}. */
    void assertRelation(String sink, Relation relation) {
        for (long node : ancestors(sink).nodes()) {
            boolean[] has = {false};
            view.causes(node, (edge, found, other, timeNs) -> !(has[0] |= found == relation));
            if (has[0]) {
                return;
            }
        }
        fail("no " + relation.text() + " leads to " + sink + "; ancestors:\n" + labels(ancestors(sink)));
    }

    /** Some node of the answer is of this kind and has this value. */
    void assertHas(Answer answer, NodeKind kind, Attribute attribute, String value) {
        for (long object : objects(answer)) {
            byte[] bytes = view.kind(object) == kind ? view.attributes(object).bytes(attribute) : null;
            if (bytes != null && new String(bytes, StandardCharsets.UTF_8).equals(value)) {
                return;
            }
        }
        fail("no " + kind.text() + " with " + attribute + "=" + value + " in:\n" + labels(answer));
    }

    /** A report of {@code source} names the kernel. */
    void assertReachesKernel(String source) {
        assertHas(report(source), NodeKind.MACHINE, Attribute.SYSNAME, "Linux");
    }

    void assertKernelFrom(String source) {
        assertFrom(kernel(), source);
    }

    void assertNotInKernel(String other) {
        Answer answer = report(other);
        if (objects(answer).stream().anyMatch(object -> view.kind(object) == NodeKind.MACHINE)) {
            fail(other + " is said to reach the kernel:\n" + labels(answer));
        }
    }

    /** The kernel as a WHAT, once something was loaded into it. */
    private String kernel() {
        for (long node = 0; node < view.nodes(); node++) {
            long object = view.object(node);
            if (view.kind(object) == NodeKind.MACHINE && hasCauses(object)) {
                return "hw:" + object;
            }
        }
        return fail("nothing was loaded into the kernel");
    }

    /** The path has been that of exactly {@code count} objects. */
    void assertObjects(String path, int count) {
        assertEquals(count, objects(path).size(), () -> "objects that had the path " + path);
    }

    /** The path has the newest of its objects still, which is not deleted. */
    void assertThere(String path) {
        long object = objects(path).iterator().next();
        assertEquals(what(path), new String(view.attributes(object).bytes(Attribute.NAME), StandardCharsets.UTF_8));
        assertEquals(0, view.attributes(object).number(Attribute.DELETED, 0), () -> path + " is deleted");
    }

    private String labels(Answer answer) {
        Labels labels = new Labels(view);
        List<String> lines = new ArrayList<>();
        for (long object : objects(answer)) {
            if (lines.size() == LABELS_SHOWN) {
                lines.add("  …");
                break;
            }
            lines.add("  " + view.kind(object).text() + " " + labels.of(object));
        }
        return String.join("\n", lines);
    }
}
