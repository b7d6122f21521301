// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/coverage.md}: what each front-end sees, by what the scenarios declare and their tests prove. */
final class Coverage {
    private static final List<FrontEnd> COLUMNS = List.of(FrontEnd.TRACE, FrontEnd.LSM, FrontEnd.FEXIT);

    /** Why no scenario shows a blind spot; what shows it instead. */
    static final Map<BlindSpot, String> SHOWN_ELSEWHERE = Map.of(
            BlindSpot.FOREIGN_ABI, "each such call makes a gap, and their recording must have none; `ForeignAbiTest` shows it",
            BlindSpot.SKIPPED_PROGRAMS, "each skip makes a gap; what a recording misses by one, it must call incomplete");

    private Coverage() {
    }

    /** The whole page. */
    static String page() {
        StringBuilder page = new StringBuilder("""
                # Coverage

                <!-- Written by dev/coverage from the scenarios of system-tests: do not edit. -->

                Each row is a channel: a way in which bytes, or what they tell, come from one object or process to another. Every row is
                a test: the channel is used, and the record must say of it what is said here, also where it says *not caught*.
                `trace` is proven on the machine's own kernel and in stock kernels %s, `lsm` in the stock kernels%s

                - **caught**: the source is among the ancestors of the sink, and what had no part in it is not.
                - **recorded**: the same, but answers go along it only when they are asked to (`--through`), as it tells of a process
                  without its bytes.
                - **not caught (N)**: no path leads from source to sink; N is the blind spot, in the list at the end.
                - **in part (N)**: the part that is named is not caught.
                - **not on KERNEL (N)**: not caught on that stock kernel, which lacks what the front-end sees by.
                - *Not on KERNEL*: that stock kernel lacks what the channel needs, so nothing could be shown there.

                """.formatted(Stream.of(Kernel.values()).map(Kernel::series).collect(Collectors.joining(", ")),
                proven(FrontEnd.FEXIT) ? "; `fexit` as well." : ". `fexit` is not run on the scenarios."));
        page.append(tally());
        for (ChannelGroup group : ChannelGroup.values()) {
            page.append("\n## ").append(group.title()).append("\n\n| channel | what it does | ");
            page.append(COLUMNS.stream().map(FrontEnd::text).collect(Collectors.joining(" | "))).append(" |\n|---|---|---|---|---|\n");
            group.scenarios().forEach(scenario -> page.append(row(scenario)));
        }
        return page.append(blindSpots()).toString();
    }

    private static boolean proven(FrontEnd frontEnd) {
        return GuestScenariosTest.FRONT_ENDS.contains(frontEnd);
    }

    private static String tally() {
        StringBuilder tally = new StringBuilder("| | caught | in part | not caught |\n|---|---|---|---|\n");
        for (FrontEnd frontEnd : COLUMNS) {
            if (!proven(frontEnd)) {
                continue;
            }
            long not = Scenarios.ALL.stream().filter(s -> s.allUnseenBy(frontEnd) && !s.unseenBy(frontEnd).isEmpty()).count();
            long whole = Scenarios.ALL.stream().filter(s -> s.unseenBy(frontEnd).isEmpty()).count();
            tally.append("| ").append(frontEnd.text()).append(" | ").append(whole).append(" | ")
                    .append(Scenarios.ALL.size() - whole - not).append(" | ").append(not).append(" |\n");
        }
        return tally.toString();
    }

    private static String row(Scenario scenario) {
        String lacking = scenario.lacking().entrySet().stream()
                .map(entry -> ". *Not on " + entry.getKey().series() + "*: " + entry.getValue()).collect(Collectors.joining());
        return "| " + scenario.channel() + " | " + scenario.description() + lacking + " | "
                + COLUMNS.stream().map(frontEnd -> verdict(scenario, frontEnd)).collect(Collectors.joining(" | ")) + " |\n";
    }

    private static String verdict(Scenario scenario, FrontEnd frontEnd) {
        if (!proven(frontEnd)) {
            return "not run";
        }
        List<Map.Entry<String, BlindSpot>> unseen = scenario.unseenBy(frontEnd);
        if (unseen.isEmpty()) {
            String but = scenario.unseenOn(frontEnd).entrySet().stream().map(on -> "; **not on " + on.getKey().series() + "** ("
                    + number(on.getValue()) + ")").collect(Collectors.joining());
            return (scenario.onRequest() ? "recorded" : "caught") + but;
        }
        String numbers = scenario.shows(frontEnd).stream().map(spot -> Integer.toString(number(spot)))
                .collect(Collectors.joining(", ", "(", ")"));
        if (scenario.allUnseenBy(frontEnd)) {
            return "**not caught** " + numbers;
        }
        return "**in part** " + numbers + ": not that " + unseen.stream().map(Map.Entry::getKey).collect(Collectors.joining(", "));
    }

    private static int number(BlindSpot spot) {
        return spot.ordinal() + 1;
    }

    private static String blindSpots() {
        StringBuilder list = new StringBuilder("\n## Blind spots\n\nAs `headwater doctor` prints them.\n\n"
                + "| | blind spot | of | shown by |\n|---|---|---|---|\n");
        for (BlindSpot spot : BlindSpot.values()) {
            Set<FrontEnd> blind = EnumSet.noneOf(FrontEnd.class);
            COLUMNS.stream().filter(frontEnd -> frontEnd.blindSpots().contains(spot)).forEach(blind::add);
            if (blind.isEmpty()) {
                continue;
            }
            String shown = Scenarios.ALL.stream().filter(s -> blind.stream().anyMatch(f -> s.shows(f).contains(spot)))
                    .map(Scenario::channel).distinct().collect(Collectors.joining("; "));
            list.append("| ").append(number(spot)).append(" | ").append(spot.text()).append(" | ")
                    .append(COLUMNS.stream().filter(blind::contains).map(FrontEnd::text).collect(Collectors.joining(", "))).append(" | ")
                    .append(shown.isEmpty() ? "no scenario: " + SHOWN_ELSEWHERE.get(spot) : shown).append(" |\n");
        }
        return list.toString();
    }
}
