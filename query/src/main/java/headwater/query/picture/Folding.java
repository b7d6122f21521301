// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Relation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Puts together what says little one by one: the libraries and programs of the system, files of one folder that were
 * used in the same way, processes of one program that did the same.
 */
final class Folding {
    /** Of figures that are alike, so many are shown before the rest is counted. */
    private static final int SHOWN_SIBLINGS = 3;

    private static final Pattern LIBRARY = Pattern.compile(
            "(?:/usr)?/lib(?:32|64|x32)?/.*|.*\\.so(?:\\.[0-9.]+)?|/etc/ld\\.so\\..*"
            + "|/usr/share/locale/.*|/usr/libexec/.*");
    private static final Pattern PROGRAM = Pattern.compile("(?:/usr)?(?:/local)?/s?bin/[^/]+");
    private static final Pattern KERNEL = Pattern.compile("/(?:proc|sys|dev)/.*");
    private static final Pattern SHARED = Pattern.compile("/usr/(?:share|include|src)/.*");

    private static final List<String> BACKGROUND = List.of("libraries", "programs", "files of the kernel",
            "shared files");
    private static final List<Pattern> PATTERNS = List.of(LIBRARY, PROGRAM, KERNEL, SHARED);
    private static final String ALIKE = "alike ";

    private final List<Figure> figures;
    private final List<Arrow> arrows;
    private List<Figure> folded;
    private List<Arrow> foldedArrows;

    Folding(List<Figure> figures, List<Arrow> arrows) {
        this.figures = figures;
        this.arrows = arrows;
    }

    List<Figure> figures() {
        return folded;
    }

    List<Arrow> arrows() {
        return foldedArrows;
    }

    void fold() {
        boolean[] written = new boolean[figures.size()];
        arrows.forEach(arrow -> written[arrow.to()] = true);
        List<String> sorts = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            sorts.add(sort(i, written[i]));
        }
        Likeness likeness = new Likeness(sorts, arrows);
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        List<Integer> byAge = new ArrayList<>(IntStream.range(0, figures.size()).boxed().toList());
        byAge.sort(Comparator.comparing(i -> figures.get(i).objects().getFirst()));
        for (int i : byAge) {
            Figure figure = figures.get(i);
            boolean file = figure.shape() == Figure.Shape.FILE && (figure.name().startsWith("/") || figure.name().startsWith("root:"));
            if (!figure.start() && (file || figure.shape() == Figure.Shape.PROCESS)) {
                String key = BACKGROUND.contains(sorts.get(i)) ? sorts.get(i) : ALIKE + likeness.colour(i);
                groups.computeIfAbsent(key, newKey -> new ArrayList<>()).add(i);
            }
        }
        int[] groupOf = new int[figures.size()];
        folded = new ArrayList<>();
        Map<Integer, Figure> groupAt = new LinkedHashMap<>();
        for (Map.Entry<String, List<Integer>> group : groups.entrySet()) {
            List<Integer> members = group.getValue();
            boolean siblings = group.getKey().startsWith(ALIKE);
            List<Integer> together = siblings && members.size() > SHOWN_SIBLINGS + 1
                    ? members.subList(SHOWN_SIBLINGS, members.size())
                    : siblings ? List.of() : members;
            if (!together.isEmpty()) {
                groupAt.put(together.getFirst(), group(group.getKey(), together));
                together.forEach(member -> groupOf[member] = together.getFirst() + 1);
            }
        }
        int[] newIndex = new int[figures.size()];
        for (int i = 0; i < figures.size(); i++) {
            if (groupOf[i] == 0 || groupOf[i] == i + 1) {
                newIndex[i] = folded.size();
                folded.add(groupOf[i] == 0 ? figures.get(i) : groupAt.get(i));
            }
        }
        for (int i = 0; i < figures.size(); i++) {
            if (groupOf[i] != 0) {
                newIndex[i] = newIndex[groupOf[i] - 1];
            }
        }
        foldArrows(newIndex);
    }

    private void foldArrows(int[] newIndex) {
        Map<Long, Arrow> byEnds = new LinkedHashMap<>();
        for (Arrow arrow : arrows) {
            int from = newIndex[arrow.from()];
            int to = newIndex[arrow.to()];
            if (from != to) {
                byEnds.computeIfAbsent((long) from << 32 | to,
                        ends -> new Arrow(from, to, EnumSet.noneOf(Relation.class), arrow.firstNs()))
                        .relations().addAll(arrow.relations());
            }
        }
        foldedArrows = new ArrayList<>(byEnds.values());
    }

    /** What a figure is by itself. A written file is never taken for a part of the system. */
    private String sort(int index, boolean written) {
        Figure figure = figures.get(index);
        if (figure.start()) {
            return "start " + index;
        }
        if (figure.shape() == Figure.Shape.PROCESS) {
            return "process " + program(figure);
        }
        if (figure.shape() != Figure.Shape.FILE) {
            return figure.shape() + " " + figure.title();
        }
        if (!written) {
            for (int i = 0; i < PATTERNS.size(); i++) {
                if (PATTERNS.get(i).matcher(figure.name()).matches()) {
                    return BACKGROUND.get(i);
                }
            }
        }
        return "file " + figure.detail();
    }

    /** The first word of the command line, without its folder. */
    private static String program(Figure process) {
        String first = process.title().split(" ", 2)[0];
        return first.substring(first.lastIndexOf('/') + 1);
    }

    private Figure group(String key, List<Integer> members) {
        if (figures.get(members.getFirst()).shape() == Figure.Shape.PROCESS) {
            return processes(members);
        }
        if (members.size() == 1) {
            Figure one = figures.get(members.getFirst());
            return new Figure(Figure.Shape.BACKGROUND, one.title(), one.detail(), one.name(), false, one.objects(), 1);
        }
        TreeSet<String> folders = new TreeSet<>();
        List<Long> objects = new ArrayList<>();
        for (int member : members) {
            folders.add(figures.get(member).detail());
            objects.addAll(figures.get(member).objects());
        }
        objects.sort(null);
        String where = folders.size() <= 2 ? String.join(", ", folders) : common(folders) + "…";
        boolean siblings = key.startsWith(ALIKE);
        boolean files = folders.size() == 1 && !key.equals("programs");
        String what = siblings ? " more" : files ? " files" : " " + key;
        String name = members.size() + what + " in " + where;
        Figure.Shape shape = siblings ? Figure.Shape.SIBLINGS : Figure.Shape.BACKGROUND;
        return new Figure(shape, members.size() + what, "in " + where, name, false, objects,
                members.size());
    }

    private Figure processes(List<Integer> members) {
        List<Long> objects = new ArrayList<>();
        members.forEach(member -> objects.addAll(figures.get(member).objects()));
        objects.sort(null);
        String title = members.size() + " more " + program(figures.get(members.getFirst()));
        return new Figure(Figure.Shape.PROCESS, title, "", title, false, objects, members.size());
    }

    private static String common(TreeSet<String> folders) {
        String prefix = folders.first();
        for (String folder : folders) {
            while (!folder.startsWith(prefix)) {
                prefix = prefix.substring(0, prefix.length() - 1);
            }
        }
        return prefix.substring(0, prefix.lastIndexOf('/') + 1);
    }
}
