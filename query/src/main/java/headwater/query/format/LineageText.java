// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.Relation;
import headwater.query.Answer;
import headwater.query.Folders;
import headwater.query.Question;
import headwater.query.Start;
import headwater.query.picture.Arrow;
import headwater.query.picture.Figure;
import headwater.query.picture.Figure.Shape;
import headwater.query.picture.Picture;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Ancestors or descendants: the files first, then the tree of processes, then pipes and the network. */
final class LineageText {
    private static final int MAX_USERS = 3;
    private static final int MAX_LINES = 50;
    private static final int REST_GROUPS = 6;

    private final Answer answer;
    private final Picture picture;
    private final boolean ancestors;
    private final int maxLines;
    private int processLines;
    private Ranking ranking;

    /**
     * @param fold show no more of a section than a person reads
     */
    LineageText(Answer answer, Picture picture, boolean fold) {
        this.answer = answer;
        this.picture = picture;
        this.maxLines = fold ? MAX_LINES : Integer.MAX_VALUE;
        this.ancestors = answer.question().verb().equals(Question.ANCESTORS);
    }

    void write(StringBuilder text) {
        for (Start start : answer.starts()) {
            TextEnding.heading(text, answer, start);
        }
        if (picture.arrows().isEmpty() && picture.figures().stream().allMatch(Figure::start)) {
            text.append(ancestors ? "\nNothing flowed into it.\n\n" : "\nNothing flowed out of it.\n\n");
            return;
        }
        section(text, ancestors ? "Came from" : "Went to", f -> f.shape().isFile() && !f.start());
        processes(text);
        section(text, "Through", f -> f.shape() == Shape.PIPE && !f.start());
        section(text, "Network", f -> f.shape() == Shape.SOCKET && !f.start());
        section(text, "Also", f -> !f.start() && switch (f.shape()) {
            case DIRECTORY, AGENT, OTHER -> true;
            default -> false;
        });
        if (picture.lookedAt() > 0) {
            text.append("\n").append(TextEnding.count(picture.lookedAt(), "file"))
                    .append(" only opened or looked at (--all shows them)\n");
        }
        text.append('\n');
    }

    private void section(StringBuilder text, String title, Predicate<Figure> wanted) {
        List<Integer> indexes = new ArrayList<>();
        long count = 0;
        int width = 0;
        for (int i = 0; i < picture.figures().size(); i++) {
            Figure figure = picture.figures().get(i);
            if (wanted.test(figure)) {
                indexes.add(i);
                count += figure.members();
                width = Math.max(width, figure.name().length());
            }
        }
        if (indexes.isEmpty()) {
            return;
        }
        // What was folded matters least; where not all is shown, what matters most is.
        Comparator<Integer> folded = Comparator.comparing((Integer i) -> picture.figures().get(i).shape().isFolded());
        indexes.sort(indexes.size() > maxLines ? folded.thenComparing(ranking())
                : folded.thenComparing(i -> picture.figures().get(i).objects().getFirst()));
        text.append('\n').append(title).append(" (").append(count).append(")\n");
        for (int index : indexes.subList(0, Math.min(indexes.size(), maxLines))) {
            String name = picture.figures().get(index).name();
            text.append("  ").append(name);
            String uses = uses(index);
            if (!uses.isEmpty()) {
                text.append(" ".repeat(Math.max(0, Math.min(width, 48) - name.length()))).append("  ").append(uses);
            }
            text.append('\n');
        }
        if (indexes.size() > maxLines) {
            rest(text, indexes.subList(maxLines, indexes.size()));
        }
    }

    private Ranking ranking() {
        ranking = ranking == null ? new Ranking(picture) : ranking;
        return ranking;
    }

    /** What is not shown, by folder. */
    private void rest(StringBuilder text, List<Integer> indexes) {
        Folders folders = new Folders();
        long count = 0;
        for (int index : indexes) {
            Figure figure = picture.figures().get(index);
            folders.add(figure.shape().isFile() ? figure.name() : "other");
            count += figure.members();
        }
        text.append("  … and ").append(CrowdText.number(count)).append(" more");
        List<Folders.Group> groups = folders.groups(REST_GROUPS);
        if (groups.getFirst().folder().startsWith("/")) {
            text.append(": ").append(groups.stream().map(group -> CrowdText.number(group.count()) + " of " + group.folder())
                    .collect(Collectors.joining(", ")));
        }
        text.append(" (--all shows them)\n");
    }

    private static void more(StringBuilder text, int more) {
        if (more > 0) {
            text.append("  … ").append(more).append(" more (--all shows them)\n");
        }
    }

    /** Such as {@code read by gzip [103]; written by …}: of ancestors, first who took it, then who made it. */
    private String uses(int index) {
        Map<String, List<String>> in = new LinkedHashMap<>();
        Map<String, List<String>> out = new LinkedHashMap<>();
        for (Arrow arrow : picture.arrows()) {
            if (arrow.to() == index) {
                use(in, arrow, arrow.from(), "from");
            } else if (arrow.from() == index) {
                use(out, arrow, arrow.to(), "to");
            }
        }
        List<String> clauses = new ArrayList<>();
        for (Map<String, List<String>> side : ancestors ? List.of(out, in) : List.of(in, out)) {
            side.forEach((verb, users) -> clauses.add(verb + " " + some(users)));
        }
        return String.join("; ", clauses);
    }

    private void use(Map<String, List<String>> uses, Arrow arrow, int other, String preposition) {
        Figure figure = picture.figures().get(other);
        if (arrow.isDisclosed()) {
            uses.computeIfAbsent(preposition.equals("to") ? "disclosed as a source of" : "disclosed to come from", key -> new ArrayList<>())
                    .add(shortened(figure.name()));
            return;
        }
        String word = arrow.label().isEmpty() ? "flow" : arrow.label();
        String verb = past(word) + (figure.shape() == Shape.PROCESS ? " by" : " " + preposition);
        uses.computeIfAbsent(verb, key -> new ArrayList<>()).add(shortened(figure.name()));
    }

    private static String past(String words) {
        return words.replace("write", "written").replace("exec", "executed").replace("mmap", "mapped")
                .replace("send", "sent").replace("receive", "received").replace("clone", "cloned")
                .replace("connect", "connected").replace("accept", "accepted");
    }

    private static String some(List<String> users) {
        return users.size() <= MAX_USERS ? String.join(", ", users)
                : users.getFirst() + " and " + (users.size() - 1) + " others";
    }

    private static String shortened(String name) {
        if (name.length() <= 40) {
            return name;
        }
        // The end is the process id.
        int end = name.lastIndexOf(' ') < 30 ? name.length() - 9 : name.lastIndexOf(' ');
        return name.substring(0, 30) + "…" + name.substring(end);
    }

    private void processes(StringBuilder text) {
        List<Figure> figures = picture.figures();
        int[] parent = new int[figures.size()];
        Arrays.fill(parent, -1);
        for (Arrow arrow : picture.arrows()) {
            boolean cloned = arrow.relations().contains(Relation.CLONE)
                    || arrow.relations().contains(Relation.CLONE_MEM);
            if (cloned && parent[arrow.to()] < 0 && !isAncestor(parent, arrow.to(), arrow.from())) {
                parent[arrow.to()] = arrow.from();
            }
        }
        long count = figures.stream().filter(figure -> figure.shape() == Shape.PROCESS).mapToInt(Figure::members).sum();
        if (count == 0) {
            return;
        }
        text.append("\nProcesses (").append(count).append(")\n");
        IntStream.range(0, parent.length).boxed()
                .filter(i -> parent[i] < 0 && figures.get(i).shape() == Shape.PROCESS)
                .sorted(Comparator.comparing(i -> figures.get(i).objects().getFirst()))
                .forEach(i -> process(text, i, parent, "  ", "  ", 0));
        more(text, processLines - maxLines);
    }

    private static boolean isAncestor(int[] parent, int maybeAncestor, int of) {
        for (int at = of; at >= 0; at = parent[at]) {
            if (at == maybeAncestor) {
                return true;
            }
        }
        return false;
    }

    private void process(StringBuilder text, int index, int[] parent, String first, String rest, int depth) {
        if (processLines++ < maxLines) {
            text.append(first).append(picture.figures().get(index).name()).append('\n');
        }
        List<Integer> children = new ArrayList<>();
        for (int i = 0; i < parent.length; i++) {
            if (parent[i] == index && picture.figures().get(i).shape() == Shape.PROCESS) {
                children.add(i);
            }
        }
        children.sort(Comparator.comparing(i -> picture.figures().get(i).objects().getFirst()));
        for (int i = 0; i < children.size(); i++) {
            boolean last = i == children.size() - 1;
            // A chain of thousands of forks would run out of the stack and of the screen.
            if (depth < 200) {
                process(text, children.get(i), parent, rest + (last ? "└─ " : "├─ "), rest + (last ? "   " : "│  "),
                        depth + 1);
            }
        }
    }
}
