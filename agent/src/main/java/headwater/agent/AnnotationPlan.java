// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.LogPlace;
import headwater.config.LogAnnotation;
import headwater.graph.lines.AnnotationRule;
import headwater.graph.lines.Annotations;
import headwater.graph.lines.LineFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a configuration says of lines, as the kernel side and the graph take it: where the logs are, and what becomes of their lines.
 *
 * @param annotations rule {@code i} is meant by bit {@code i} of the places
 */
record AnnotationPlan(Annotations annotations, List<LogPlace> places) {
    private static final List<String> SYSLOG = List.of("/run/systemd/journal/dev-log", "/dev/log");
    private static final List<String> JOURNAL = List.of("/run/systemd/journal/stdout", "/run/systemd/journal/socket",
            "/run/systemd/journal/dev-log", "/dev/log");

    /**
     * @throws Selection.ImpossibleException if there are too many rules, or a pattern is none
     */
    static AnnotationPlan of(LogAnnotation.Section section) {
        List<AnnotationRule> rules = new ArrayList<>();
        List<LogPlace> places = new ArrayList<>();
        try {
            for (LogAnnotation annotation : section.rules()) {
                annotation.files().forEach(file -> file(annotation, file.utf8(), rules, places));
                annotation.tags().forEach(tag -> known(annotation, tag, "", SYSLOG, rules, places));
                annotation.units().forEach(unit -> known(annotation, "", unit, JOURNAL, rules, places));
            }
            return new AnnotationPlan(rules.isEmpty() ? Annotations.NONE : new Annotations(rules, section.linesPerSecond()), places);
        } catch (IllegalArgumentException e) {
            throw new Selection.ImpossibleException(e.getMessage());
        }
    }

    private static void known(LogAnnotation annotation, String tag, String unit, List<String> paths, List<AnnotationRule> rules,
            List<LogPlace> places) {
        for (String path : paths) {
            // /dev/log is a link where there is a journal, whose own path stands for it.
            add(annotation, Path.of(path), LineFormat.usualAt(path), tag, unit, rules, places, true);
        }
    }

    private static void file(LogAnnotation annotation, String text, List<AnnotationRule> rules, List<LogPlace> places) {
        Path path = Path.of(text).normalize();
        boolean whole = text.endsWith("/") || Files.isDirectory(path);
        LineFormat format = annotation.format().isEmpty() ? LineFormat.usualAt(path.toString()) : LineFormat.ofText(annotation.format());
        if (whole) {
            int bit = bit(rule(annotation, format, "", ""), rules);
            places.add(new LogPlace(path, "", bit, true));
        } else {
            add(annotation, path, format, "", "", rules, places, !Files.isRegularFile(path));
        }
    }

    private static void add(LogAnnotation annotation, Path path, LineFormat format, String tag, String unit, List<AnnotationRule> rules,
            List<LogPlace> places, boolean mayBeSocket) {
        if (path.getParent() == null) {
            throw new IllegalArgumentException("no log can be there: path=" + path + "; name a file or directory");
        }
        int bit = bit(rule(annotation, format, tag, unit), rules);
        places.add(new LogPlace(path.getParent(), path.getFileName().toString(), bit, mayBeSocket));
        try {
            Path real = path.toRealPath();
            if (!real.equals(path) && real.getParent() != null) {
                places.add(new LogPlace(real.getParent(), real.getFileName().toString(), bit, mayBeSocket));
            }
        } catch (IOException e) {
            // It is not there yet.
            return;
        }
    }

    private static AnnotationRule rule(LogAnnotation annotation, LineFormat format, String tag, String unit) {
        return new AnnotationRule(annotation.name(), format,
                annotation.pattern().isEmpty() ? null : AnnotationRule.pattern(annotation.pattern()),
                annotation.unmatched().equals(LogAnnotation.KEEP), annotation.pathGroup(), tag, unit);
    }

    /** One rule for all places that mean the same of it. */
    private static int bit(AnnotationRule rule, List<AnnotationRule> rules) {
        int known = rules.indexOf(rule);
        if (known >= 0) {
            return known;
        }
        rules.add(rule);
        return rules.size() - 1;
    }

    boolean isEmpty() {
        return places.isEmpty();
    }

    /** The places, as they are meant by the rules of a half ({@link headwater.graph.GraphBuilder#annotations}). */
    List<LogPlace> placesOf(int half) {
        return places.stream().map(place -> new LogPlace(place.directory(), place.name(), place.bit() + half * Annotations.RULES_MAX,
                place.mayBeSocket())).toList();
    }

    /** What the directories are at the moment: if this changes, one was made anew, and the kernel side has to be told. */
    List<Object> directories() {
        return places.stream().map(LogPlace::directory).distinct().map(AnnotationPlan::key).toList();
    }

    private static Object key(Path directory) {
        try {
            Object key = Files.readAttributes(directory, java.nio.file.attribute.BasicFileAttributes.class).fileKey();
            return key == null ? "" : key;
        } catch (IOException e) {
            return "";
        }
    }
}
