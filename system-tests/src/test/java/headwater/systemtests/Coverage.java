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

    private static final String RACE = "a race: no run has it for certain";

    /** Why no scenario shows a blind spot; what shows it instead. */
    static final Map<BlindSpot, String> SHOWN_ELSEWHERE = Map.ofEntries(
            Map.entry(BlindSpot.FOREIGN_ABI,
                    "each such call makes a gap, and their recording must have none; `ForeignAbiTest` shows it"),
            Map.entry(BlindSpot.OTHER_LINES, "what is missing is no flow; a scenario asks for flows"),
            Map.entry(BlindSpot.SKIPPED_PROGRAMS,
                    "each skip makes a gap; what a recording misses by one, it must call incomplete"),
            Map.entry(BlindSpot.OUTSIDE, "a scenario is a recorded tree; the server beyond it is met as a remote end"),
            Map.entry(BlindSpot.SENDERS_OF_SIGNALS,
                    "none of these has a sender in the record that one could look for"),
            Map.entry(BlindSpot.STATUS_AT_A_TRACER, "it only tells; the parent's edge is there"),
            Map.entry(BlindSpot.SIZES_AND_TIMES,
                    "not recorded on purpose: who lists a folder would come from all who wrote there"),
            Map.entry(BlindSpot.EARLIER_ATTRIBUTES, "a scenario is one session"),
            Map.entry(BlindSpot.REUSED_DEVICES, "the kernel chooses the number"),
            Map.entry(BlindSpot.SWAP, "the guests have no memory to spare for it"),
            Map.entry(BlindSpot.KERNEL_THREADS, "the guests serve no NFS; loop devices are shown with the block devices"),
            Map.entry(BlindSpot.LATE_READS, RACE),
            Map.entry(BlindSpot.LATE_COPIES, RACE),
            Map.entry(BlindSpot.SPLICED_RECEIVES, "needs a network card that has zero-copy receives"),
            Map.entry(BlindSpot.CHANGED_DESCRIPTORS, RACE),
            Map.entry(BlindSpot.FRAMES, "the sockets beyond are another machine's"),
            Map.entry(BlindSpot.RINGED_PACKETS, "the sender is another machine"),
            Map.entry(BlindSpot.FOREIGN_FAMILIES, "no stock kernel has one that Headwater does not know"),
            Map.entry(BlindSpot.FOREIGN_ABI_OBJECTS, "the scenarios' programs are of 64 bits"),
            Map.entry(BlindSpot.BPF_PROGRAMS,
                    "a program that is loaded is in the record, what it does is not a process's doing"),
            Map.entry(BlindSpot.HOST_NAME_FILES, "known as two objects; either way alone is seen"),
            Map.entry(BlindSpot.BULK_DESCRIPTORS, "what is read by such a descriptor is seen"),
            Map.entry(BlindSpot.STAT_DEVICES, "the scenarios lie on ext4"),
            Map.entry(BlindSpot.EARLY_SIGHTS, RACE),
            Map.entry(BlindSpot.SILENT_REQUESTS, "what is then done with the descriptor is seen"),
            Map.entry(BlindSpot.EARLIER_REQUESTS, "the capture begins before the scenarios"));

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
        StringBuilder list = new StringBuilder("\n## Blind spots\n\nAll that is known not to be seen, as `headwater doctor` prints it for the front-end that the kernel takes.\n\n"
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
