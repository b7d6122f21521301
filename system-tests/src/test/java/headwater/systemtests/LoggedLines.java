// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An answer of {@code headwater lines}, as a terminal has it. */
record LoggedLines(List<Line> lines) {
    private static final Pattern HEAD = Pattern.compile("\\S+Z  (?<rule>\\S+)  (?<process>.*) \\[(?<pid>\\d+)]  (?<text>.*)");
    private static final Pattern CLAIMED_PID = Pattern.compile(".* claimed_pid=(?<pid>\\d+).*");
    private static final String INPUT = "    for it: ";

    /**
     * One line of a log.
     *
     * @param rule that took it
     * @param program of the process, without its folders
     * @param pid by the kernel's word
     * @param claimedPid by the line's; -1 if it says none
     * @param inputs labels of what the process had taken in for it
     */
    record Line(String rule, String program, long pid, long claimedPid, String text, List<String> inputs) {
        /** As {@code rule | program | text | inputs in the folder}. */
        String inWords(String folder) {
            return rule + " | " + program + " | " + text + " | " + String.join(" ", inputs.stream()
                    .filter(input -> input.startsWith(folder)).map(input -> input.substring(folder.length())).toList());
        }
    }

    static LoggedLines of(String answer) {
        List<Line> lines = new ArrayList<>();
        for (String said : answer.lines().toList()) {
            Matcher head = HEAD.matcher(said);
            Matcher claimed = CLAIMED_PID.matcher(said);
            if (head.matches()) {
                String program = head.group("process").replaceAll(" .*", "");
                lines.add(new Line(head.group("rule"), program.substring(program.lastIndexOf('/') + 1), Long.parseLong(head.group("pid")), -1,
                        head.group("text"), new ArrayList<>()));
            } else if (said.startsWith(INPUT)) {
                lines.getLast().inputs().add(said.substring(INPUT.length()));
            } else if (claimed.matches()) {
                Line line = lines.removeLast();
                lines.add(new Line(line.rule(), line.program(), line.pid(), Long.parseLong(claimed.group("pid")), line.text(), line.inputs()));
            }
        }
        return new LoggedLines(lines);
    }
}
