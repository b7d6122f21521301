// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Programs at work, and from which files each of the files that they make truly comes. Paths are relative to the workload's
 * folder, which {@code setup} lays out before the capture.
 */
final class Workload {
    /** Which sources a record joins to a sink beside its own. */
    enum Joined {
        /** None. */
        NONE("none"),
        /** Those of the sinks before it: what a process took in is in all that it puts out later. */
        EARLIER("those of earlier results"),
        /** Those of all sinks. */
        ALL("those of all results");

        private final String text;

        Joined(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    private final String name;
    private final String title;
    private final String setup;
    private final String script;
    private final Map<String, Set<String>> truth = new LinkedHashMap<>();
    private Joined joined = Joined.NONE;
    private String among = "";
    private boolean needless;
    private String reason = "";

    private Workload(String name, String title, String setup, String script) {
        this.name = name;
        this.title = title;
        this.setup = setup;
        this.script = script;
    }

    /** @param title in a reader's words, one line */
    static Workload of(String name, String title, String setup, String script) {
        return new Workload(name, title, setup, script);
    }

    /** The sink comes from these sources and from no other sink's; in the order in which the sinks are made. */
    Workload from(String sink, String... sources) {
        truth.put(sink, new LinkedHashSet<>(List.of(sources)));
        return this;
    }

    /** {@code count} sinks from one source and one request each; in the names, {@code #} stands for the number, from 1. */
    Workload each(int count, String sink, String... sources) {
        for (int i = 1; i <= count; i++) {
            List<String> numbered = new ArrayList<>();
            for (String source : sources) {
                numbered.add(source.replace("#", Integer.toString(i)));
            }
            from(sink.replace("#", Integer.toString(i)), numbered.toArray(String[]::new));
        }
        return this;
    }

    /** The record joins what is not, and cannot do otherwise by watching at the kernel. */
    Workload joins(Joined joined, String why) {
        this.joined = joined;
        reason = why;
        return this;
    }

    /** The same, of those sources only whose names begin with {@code prefix}. */
    Workload joins(Joined joined, String prefix, String why) {
        among = prefix;
        return joins(joined, why);
    }

    /** The record joins what is not, though the kernel could tell. */
    Workload joinsNeedlessly(Joined joined, String why) {
        needless = true;
        return joins(joined, why);
    }

    String name() {
        return name;
    }

    String title() {
        return title;
    }

    Joined joined() {
        return joined;
    }

    String reason() {
        return reason;
    }

    /** The sources of each sink, in the order in which the sinks are made; empty if nothing is known. */
    Map<String, Set<String>> truth() {
        return truth;
    }

    /** All sources, of which a record is asked for each sink. */
    Set<String> sources() {
        Set<String> sources = new LinkedHashSet<>();
        truth.values().forEach(sources::addAll);
        return sources;
    }

    /** What the record is declared to say of each sink. */
    Map<String, Set<String>> declared() {
        Map<String, Set<String>> declared = new LinkedHashMap<>();
        Set<String> earlier = new LinkedHashSet<>();
        truth.forEach((sink, own) -> {
            earlier.addAll(own);
            Set<String> said = switch (joined) {
                case NONE -> new LinkedHashSet<>();
                case EARLIER -> new LinkedHashSet<>(earlier);
                case ALL -> sources();
            };
            said.removeIf(source -> !source.startsWith(among));
            said.addAll(own);
            declared.put(sink, said);
        });
        return declared;
    }

    long trueCount() {
        return truth.values().stream().mapToLong(Set::size).sum();
    }

    /** How many of the declared ancestors are false. */
    long falseCount() {
        long[] count = {0};
        declared().forEach((sink, said) -> count[0] += said.stream().filter(source -> !truth.get(sink).contains(source)).count());
        return count[0];
    }

    /** How many of those the kernel could tell from true ones. */
    long needlessCount() {
        return needless ? falseCount() : 0;
    }

    /** As {@code record.sh} takes it. */
    void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".setup"), setup);
        Files.writeString(folder.resolve(name + ".sh"), script);
    }
}
