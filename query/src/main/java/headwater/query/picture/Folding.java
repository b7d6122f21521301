// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import headwater.model.Relation;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Puts files together that say little one by one: the libraries and programs of the system, and files of one folder that
 * the same processes used in the same way.
 */
final class Folding {
    /** Of files of one folder that were used alike, so many are shown before the rest is counted. */
    private static final int SHOWN_SIBLINGS = 3;
    private static final int MIN_GROUP = 2;

    private static final Pattern LIBRARY = Pattern.compile(
            "(?:/usr)?/lib(?:32|64|x32)?/.*|.*\\.so(?:\\.[0-9.]+)?|/etc/ld\\.so\\..*|/usr/share/locale/.*|/usr/libexec/.*");
    private static final Pattern PROGRAM = Pattern.compile("(?:/usr)?(?:/local)?/s?bin/[^/]+");
    private static final Pattern KERNEL = Pattern.compile("/(?:proc|sys|dev)/.*");
    private static final Pattern SHARED = Pattern.compile("/usr/(?:share|include|src)/.*");

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
        Map<String, List<Integer>> groups = new LinkedHashMap<>();
        List<TreeSet<String>> uses = uses();
        for (int i = 0; i < figures.size(); i++) {
            Figure figure = figures.get(i);
            if (figure.shape() == Figure.Shape.FILE && !figure.start() && figure.name().startsWith("/")) {
                groups.computeIfAbsent(key(figure, uses.get(i)), key -> new ArrayList<>()).add(i);
            }
        }
        int[] groupOf = new int[figures.size()];
        folded = new ArrayList<>();
        Map<Integer, Figure> groupAt = new LinkedHashMap<>();
        for (Map.Entry<String, List<Integer>> group : groups.entrySet()) {
            List<Integer> members = group.getValue();
            boolean siblings = group.getKey().startsWith("siblings");
            List<Integer> together = siblings && members.size() > SHOWN_SIBLINGS + 1
                    ? members.subList(SHOWN_SIBLINGS, members.size())
                    : siblings || members.size() < MIN_GROUP ? List.of() : members;
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

    private List<TreeSet<String>> uses() {
        List<TreeSet<String>> uses = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            uses.add(new TreeSet<>());
        }
        for (Arrow arrow : arrows) {
            uses.get(arrow.from()).add(">" + arrow.to() + arrow.label());
            uses.get(arrow.to()).add("<" + arrow.from() + arrow.label());
        }
        return uses;
    }

    /** A written file is never taken for a part of the system. */
    private static String key(Figure figure, TreeSet<String> uses) {
        boolean written = uses.stream().anyMatch(use -> use.startsWith("<"));
        String name = figure.name();
        if (!written) {
            if (LIBRARY.matcher(name).matches()) {
                return "libraries";
            }
            if (PROGRAM.matcher(name).matches()) {
                return "programs";
            }
            if (KERNEL.matcher(name).matches()) {
                return "files of the kernel";
            }
            if (SHARED.matcher(name).matches()) {
                return "shared files";
            }
        }
        return "siblings " + figure.detail() + uses;
    }

    private Figure group(String key, List<Integer> members) {
        TreeSet<String> folders = new TreeSet<>();
        List<Long> objects = new ArrayList<>();
        for (int member : members) {
            folders.add(figures.get(member).detail());
            objects.addAll(figures.get(member).objects());
        }
        objects.sort(null);
        String where = folders.size() <= 2 ? String.join(", ", folders) : common(folders) + "…";
        boolean siblings = key.startsWith("siblings");
        boolean files = folders.size() == 1 && !key.equals("programs");
        String what = siblings ? " more" : files ? " files" : " " + key;
        String name = members.size() + what + " in " + where;
        return new Figure(Figure.Shape.GROUP, members.size() + what, "in " + where, name, false, objects, members.size());
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
