// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** All scenarios. */
final class Scenarios {
    static final List<Scenario> ALL = Stream.of(ChannelGroup.values()).flatMap(group -> group.scenarios().stream()).toList();

    /** Its folder has what the recorder itself reads: record.sh. */
    private static final String OPENED_BEFORE = "opened-before";

    private Scenarios() {
    }

    /** Those to be run: all, or those whose names match the regular expression {@code HEADWATER_SCENARIOS}. */
    static List<Scenario> chosen() {
        String names = System.getenv("HEADWATER_SCENARIOS");
        List<Scenario> chosen = names == null || names.isBlank() ? ALL
                : ALL.stream().filter(scenario -> scenario.name().matches(names)
                        || scenario.name().equals(OPENED_BEFORE)).toList();
        if (chosen.isEmpty()) {
            throw new IllegalStateException("no scenario has such a name: HEADWATER_SCENARIOS=" + names);
        }
        return chosen;
    }

    /** Writes a script for each scenario. */
    static void writeScripts(Path folder) throws IOException {
        Files.createDirectories(folder);
        Set<String> names = new HashSet<>();
        for (Scenario scenario : chosen()) {
            if (!names.add(scenario.name())) {
                throw new IllegalStateException("two scenarios have one name: " + scenario.name());
            }
            Files.writeString(folder.resolve(scenario.name() + ".sh"), scenario.script());
        }
    }
}
