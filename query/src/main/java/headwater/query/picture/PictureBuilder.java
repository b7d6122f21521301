// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Relation;
import headwater.query.Answer;
import headwater.query.Flow;
import headwater.query.Labels;
import headwater.query.Start;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Turns an answer into a picture: clusters, then arrows, then folds, then leaves out what is furthest from the
 * start.
 */
public final class PictureBuilder {
    private final Answer answer;
    private final Clusters clusters;
    private List<Figure> figures = new ArrayList<>();
    private List<Arrow> arrows = new ArrayList<>();
    private int lookedAt;

    private PictureBuilder(Answer answer) {
        this.answer = answer;
        this.clusters = new Clusters(answer);
    }

    /**
     * @param fold put together what was used alike, and leave out what was only looked at
     * @param maxFigures figures at most, from 1
     */
    public static Picture of(Answer answer, boolean fold, int maxFigures) {
        PictureBuilder builder = new PictureBuilder(answer);
        builder.figures();
        builder.arrows();
        if (fold) {
            builder.leaveOutLookedAt();
            Folding folding = new Folding(builder.figures, builder.arrows);
            folding.fold();
            builder.figures = folding.figures();
            builder.arrows = folding.arrows();
        }
        return builder.nearest(maxFigures);
    }

    private void figures() {
        Set<Long> starts = new HashSet<>();
        for (Start start : answer.starts()) {
            starts.addAll(start.objects());
        }
        FigureMaker maker = new FigureMaker(answer.view(), new Labels(answer.view()), starts);
        for (List<Long> members : clusters.members()) {
            figures.add(maker.of(members));
        }
    }

    private void arrows() {
        Map<Long, Arrow> byEnds = new LinkedHashMap<>();
        for (Flow flow : answer.flows()) {
            int from = clusters.of(flow.cause());
            int to = clusters.of(flow.effect());
            if (from < 0 || to < 0 || from == to) {
                continue;
            }
            Arrow arrow = byEnds.computeIfAbsent((long) from << 32 | to,
                    ends -> new Arrow(from, to, EnumSet.noneOf(Relation.class), flow.timeNs()));
            arrow.relations().add(flow.relation());
        }
        arrows.addAll(byEnds.values());
    }

    private void leaveOutLookedAt() {
        boolean[] used = new boolean[figures.size()];
        boolean[] touched = new boolean[figures.size()];
        for (Arrow arrow : arrows) {
            touched[arrow.from()] = true;
            touched[arrow.to()] = true;
            if (!arrow.isWeak()) {
                used[arrow.from()] = true;
                used[arrow.to()] = true;
            }
        }
        boolean[] keep = new boolean[figures.size()];
        for (int i = 0; i < keep.length; i++) {
            Figure figure = figures.get(i);
            keep[i] = used[i] || figure.start() || !touched[i] || figure.shape() == Figure.Shape.PROCESS;
            lookedAt += keep[i] ? 0 : 1;
        }
        keep(keep);
    }

    private void keep(boolean[] keep) {
        int[] newIndex = new int[keep.length];
        List<Figure> kept = new ArrayList<>();
        for (int i = 0; i < keep.length; i++) {
            newIndex[i] = kept.size();
            if (keep[i]) {
                kept.add(figures.get(i));
            }
        }
        List<Arrow> keptArrows = new ArrayList<>();
        for (Arrow arrow : arrows) {
            if (keep[arrow.from()] && keep[arrow.to()]) {
                keptArrows.add(new Arrow(newIndex[arrow.from()], newIndex[arrow.to()], arrow.relations(),
                        arrow.firstNs()));
            }
        }
        figures = kept;
        arrows = keptArrows;
    }

    private Picture nearest(int maxFigures) {
        int size = figures.size();
        if (size <= maxFigures) {
            return new Picture(figures, arrows, 0, lookedAt);
        }
        List<List<Integer>> neighbours = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            neighbours.add(new ArrayList<>());
        }
        for (Arrow arrow : arrows) {
            neighbours.get(arrow.from()).add(arrow.to());
            neighbours.get(arrow.to()).add(arrow.from());
        }
        boolean[] keep = new boolean[size];
        Deque<Integer> queue = new ArrayDeque<>();
        int kept = 0;
        for (int i = 0; i < size && kept < maxFigures; i++) {
            if (figures.get(i).start()) {
                keep[i] = true;
                kept++;
                queue.add(i);
            }
        }
        while (!queue.isEmpty() && kept < maxFigures) {
            for (int next : neighbours.get(queue.poll())) {
                if (!keep[next] && kept < maxFigures) {
                    keep[next] = true;
                    kept++;
                    queue.add(next);
                }
            }
        }
        int hidden = 0;
        for (int i = 0; i < size; i++) {
            hidden += keep[i] ? 0 : figures.get(i).members();
        }
        keep(keep);
        return new Picture(figures, arrows, hidden, lookedAt);
    }
}
