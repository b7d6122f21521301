// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.Capture;
import headwater.config.LogAnnotation;
import headwater.graph.GraphBuilder;
import headwater.graph.lines.Annotations;
import java.util.List;

/**
 * Which lines of logs become annotations in a session: the kernel side looks for the logs, the graph makes annotations of what comes.
 * There are two halves of rules, as those of before hold for what is under way; they go when all that was written by them has come. Used
 * by the recording thread.
 */
final class Annotating {
    private final Capture capture;
    private final GraphBuilder graph;
    private LogAnnotation.Section section = LogAnnotation.Section.NONE;
    private AnnotationPlan plan = new AnnotationPlan(Annotations.NONE, List.of());
    /** The folders of the logs, as they were found. */
    private List<Object> directories = List.of();
    private int half;

    Annotating(Capture capture, GraphBuilder graph) {
        this.capture = capture;
        this.graph = graph;
    }

    /**
     * Lines of these logs become annotations from now on, and of no others.
     *
     * @return what could not be done now, such as a directory that is not there
     * @throws Selection.ImpossibleException if there are too many rules, or a pattern is none
     */
    List<String> put(LogAnnotation.Section wanted) {
        if (wanted.equals(section)) {
            return List.of();
        }
        AnnotationPlan its = AnnotationPlan.of(wanted);
        section = wanted;
        plan = its;
        return put();
    }

    /** Looks whether folders of logs have come or are others; to be asked from time to time. */
    void followDirectories() {
        if (!plan.isEmpty() && !plan.directories().equals(directories)) {
            put();
        }
    }

    private List<String> put() {
        int before = half;
        int after = 1 - half;
        half = after;
        directories = plan.directories();
        graph.annotations(after, plan.annotations());
        List<String> notes = capture.annotate(plan.placesOf(after));
        capture.putNow(bootNs -> {
            if (half == after) {
                graph.annotations(before, Annotations.NONE);
            }
        });
        return notes;
    }
}
