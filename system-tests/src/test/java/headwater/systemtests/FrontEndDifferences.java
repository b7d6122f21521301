// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code docs/front-ends.md}: where lsm and trace say different things of the same programs, recorded at the same time. Each
 * difference has a reason; {@code BothFrontEndsTest} holds that there is no other, and that each of these is there.
 */
final class FrontEndDifferences {
    /** The script of a scenario, which is among the ancestors of all that the scenario makes. */
    private static final Pattern SCRIPT = Pattern.compile("file .*/scripts/([a-zA-Z0-9_-]+)\\.sh");

    /**
     * One ancestor that only one of the two gives to something.
     *
     * @param by the front-end that has it
     * @param scenarios the scenarios and workloads that had part in it
     * @param made what it is an ancestor of, as {@link Ancestry} names it
     * @param ancestor empty if only {@code by} has {@code made} at all
     */
    record Difference(FrontEnd by, Set<String> scenarios, String made, String ancestor) {
        /** True if it is of one of these scenarios. */
        boolean in(String... names) {
            return Stream.of(names).anyMatch(scenarios::contains);
        }

        /** What it is called alike in every recording, whatever numbers its inodes, processes and ports have there. */
        String inAnyRecording() {
            return toString().replaceAll("\\b[0-9a-f]{32,}\\b|\\d+", "#");
        }

        @Override
        public String toString() {
            return by.text() + " only, in " + scenarios + ": " + made + (ancestor.isEmpty() ? "" : " <- " + ancestor);
        }
    }

    /**
     * A reason for differences.
     *
     * @param spot the blind spot that it is, null if it is none
     * @param certain false if it takes a race to show
     */
    record Reason(String what, FrontEnd by, BlindSpot spot, boolean certain, String why, Predicate<Difference> covers) {
        boolean covers(Difference difference) {
            return difference.by == by && covers.test(difference);
        }
    }

    /**
     * What was found in a recording.
     *
     * @param unexplained the differences that have no reason
     * @param unseen of the reasons that take no race, those that no difference has
     */
    record Verdict(List<Difference> unexplained, List<Reason> unseen) {
        boolean isAsDeclared() {
            return unexplained.isEmpty() && unseen.isEmpty();
        }

        /** What is so in this recording and in another. */
        Verdict alsoIn(Verdict other) {
            Set<String> others = other.names();
            return new Verdict(unexplained.stream().filter(each -> others.contains(each.inAnyRecording())).toList(),
                    unseen.stream().filter(other.unseen::contains).toList());
        }

        List<Difference> notIn(Verdict other) {
            Set<String> others = other.names();
            return unexplained.stream().filter(each -> !others.contains(each.inAnyRecording())).toList();
        }

        private Set<String> names() {
            return unexplained.stream().map(Difference::inAnyRecording).collect(Collectors.toSet());
        }
    }

    static final List<Reason> REASONS = reasons();

    private FrontEndDifferences() {
    }

    private static List<Reason> reasons() {
        return List.of(
                blind(BlindSpot.INTERPRETER, "ld.so, in all that a program makes which it loads; what a script of ld.so's own runs",
                        "", d -> d.ancestor().contains("/ld-linux") || d.in("interpreter")),
                blind(BlindSpot.FORGED_PACKETS, "what came by a datagram that was made by hand", "", d -> d.in("forged")),
                blind(BlindSpot.CORE_DUMPS, "what a process had in memory, in its core file", "", d -> d.in("process-core")),
                new Reason("what access(2) told of a file's permissions", FrontEnd.TRACE, BlindSpot.ACCESS_CHECKS, true, "",
                        d -> d.in("attribute-chmod-access", "attribute-chmod-faccessat", "attribute-chmod-faccessat2")),
                new Reason("a file of an overlay, or its path by the other mount of a bind mount", FrontEnd.LSM, null, true,
                        "lsm sees the overlay's file and the one below it; of several paths to one inode each keeps one.",
                        FrontEndDifferences::isStacked),
                new Reason("the same, the other way", FrontEnd.TRACE, null, true,
                        "trace takes the file below, in which the bytes are, under the overlay's path.", FrontEndDifferences::isStacked),
                new Reason("the sender's address, where the receiver does not ask for it", FrontEnd.LSM, null, true,
                        "lsm sees what the kernel knows, trace what the caller is told. The sender is found by both.",
                        d -> d.in("netns-udp4", "netns-udp6", "udp4-multicast", "udp6-multicast", "device-came")
                                && d.ancestor().startsWith("packet ")),
                new Reason("the address of the remote end of a fast open", FrontEnd.LSM, null, true,
                        "The bytes are there before either end has both addresses; what is known by then has no port, or the other end's.",
                        d -> d.in("tcp4-fast-open", "tcp6-fast-open") && d.ancestor().startsWith("packet ")),
                new Reason("the same, the other way", FrontEnd.TRACE, null, true, "",
                        d -> d.in("tcp4-fast-open", "tcp6-fast-open") && d.ancestor().startsWith("packet ")),
                new Reason("the listening socket, in what an accepted one took that is no IP or UNIX socket", FrontEnd.TRACE, null, true,
                        "The kernel makes such a socket past the hook of accept(2).",
                        d -> d.in("cipher", "vsock") && d.ancestor().startsWith("socket ")),
                new Reason("the path of what was renamed through io_uring", FrontEnd.TRACE, BlindSpot.CLAIMED_NAMES, true, "",
                        d -> d.ancestor().isEmpty() && d.made().startsWith("file uring-names/")),
                blind(BlindSpot.CLAIMED_NAMES, "the same file, under the path that it has", "",
                        d -> d.ancestor().isEmpty() && d.made().startsWith("file uring-names/")),
                new Reason("the ring, in what io_uring splices", FrontEnd.LSM, null, true,
                        "The hooks are not told that a worker copies, so the bytes are drawn through the memory of the process too.",
                        d -> d.in("uring-spliced", "uring-teed") && d.ancestor().endsWith("[io_uring]")),
                new Reason("a process that shares all its memory with another, in what the other wrote at that moment", FrontEnd.TRACE,
                        null, false, "Two processes in one memory act at once, and each front-end meets them in its own order.",
                        d -> d.in("process-siblings") && d.made().startsWith("pipe ")),
                blind(BlindSpot.CLAIMED_NAMES, "who replaced a file by a rename, in the file that is gone",
                        "It was unlinked by that, which the caller's words do not say.",
                        d -> d.in("known-replaced", "rename-over") && d.ancestor().endsWith("/mv")
                                || d.made().startsWith("file git/repository/.git/index ")),
                new Reason("a file made below a symbolic link, under the name by the link", FrontEnd.TRACE, BlindSpot.CLAIMED_NAMES, true,
                        "The caller's words are taken by the letter; it is the same inode.",
                        d -> d.ancestor().isEmpty() && d.made().startsWith("file rename-by-link/alias/")
                                || d.in("rename-by-link") && d.made().startsWith("link ")),
                blind(BlindSpot.CLAIMED_NAMES, "the same file, under its own name", "",
                        d -> d.ancestor().isEmpty() && d.made().startsWith("file rename-by-link/real/")
                                || d.in("rename-by-link") && d.made().startsWith("file rename-by-link/real ")),
                blind(BlindSpot.CLAIMED_NAMES, "a folder that is part of another root, under the path that it has for the machine",
                        "Of several paths to one inode the last is kept: trace has the caller's, in that root.",
                        d -> d.ancestor().isEmpty() && d.in("pivoted-over", "pivoted-rename", "pivoted-unlink")),
                new Reason("the inode number of what was removed at once", FrontEnd.TRACE, BlindSpot.CLAIMED_NAMES, false,
                        "It was gone when its path was looked at.", d -> d.ancestor().isEmpty() && d.made().endsWith(" unknown")),
                new Reason("the inode of a UNIX socket's path", FrontEnd.LSM, null, true,
                        "bind(2) makes it within the kernel. What passes through the socket is the same.",
                        d -> d.ancestor().isEmpty() && d.made().matches("socket .*/.* .*")),
                new Reason("the other one of two joined UNIX sockets", FrontEnd.LSM, null, true,
                        "lsm meets them at their first use, when both may have been used, and draws both ways.",
                        d -> d.made().startsWith("socket ") && d.ancestor().startsWith("socket ")),
                new Reason("a file that was read at its end, where nothing was to be had", FrontEnd.LSM, null, true,
                        "The hook before a read is the net under the one after it, and does not know what will come.",
                        d -> d.in("large-python", "sqlite") && d.ancestor().contains("base.db-journal")),
                new Reason("the listening socket, in what comes by a call of accept(2) that was waiting when the capture began",
                        FrontEnd.TRACE, null, true, "The end of a function that was entered before is not seen; that of a system call is.",
                        d -> d.in("remote-fetch", "remote-tcp", "remote-udp") && d.ancestor().startsWith("socket ")),
                new Reason("what make(1) took from its pipe of tokens, in what it had just started", FrontEnd.TRACE, null, false,
                        "The child of a vfork is its parent's memory until it executes; trace is told of that a little after the parent "
                        + "goes on.", d -> d.in("large-build", "known-make-j2", "make") && d.ancestor().startsWith("pipe ")));
    }

    private static boolean isStacked(Difference difference) {
        return difference.scenarios().stream().anyMatch(name -> name.startsWith("mount-overlay-"))
                || difference.in("compose-container", "compose-containers", "compose-copies");
    }

    /** What trace does not see, so that only lsm says it. */
    private static Reason blind(BlindSpot spot, String what, String why, Predicate<Difference> covers) {
        if (!FrontEnd.TRACE.blindSpots().contains(spot) || FrontEnd.LSM.blindSpots().contains(spot)) {
            throw new IllegalArgumentException("not a blind spot of trace alone: " + spot);
        }
        return new Reason(what, FrontEnd.LSM, spot, true, why, covers);
    }

    /** What one of the two says and the other does not. */
    static List<Difference> between(Map<String, Set<String>> lsm, Map<String, Set<String>> trace) {
        List<Difference> differences = new ArrayList<>();
        onlyIn(FrontEnd.LSM, lsm, trace, differences);
        onlyIn(FrontEnd.TRACE, trace, lsm, differences);
        return differences;
    }

    private static void onlyIn(FrontEnd by, Map<String, Set<String>> its, Map<String, Set<String>> others,
            List<Difference> differences) {
        its.forEach((made, ancestors) -> {
            Set<String> theirs = others.getOrDefault(made, Set.of());
            Set<String> scenarios = scenarios(ancestors);
            scenarios.addAll(scenarios(theirs));
            if (!others.containsKey(made)) {
                differences.add(new Difference(by, scenarios, made, ""));
                return;
            }
            Set<String> more = new TreeSet<>(ancestors);
            more.removeAll(theirs);
            more.forEach(ancestor -> differences.add(new Difference(by, scenarios, made, ancestor)));
        });
    }

    private static Set<String> scenarios(Set<String> ancestors) {
        Set<String> scenarios = new TreeSet<>();
        for (String ancestor : ancestors) {
            Matcher matcher = SCRIPT.matcher(ancestor);
            if (matcher.matches()) {
                scenarios.add(matcher.group(1));
            }
        }
        return scenarios;
    }

    static Optional<Reason> reasonOf(Difference difference) {
        return REASONS.stream().filter(reason -> reason.covers(difference)).findFirst();
    }

    /** What of the differences of one recording is not as it is declared here. */
    static Verdict judge(List<Difference> differences) {
        List<Difference> unexplained = new ArrayList<>();
        List<Reason> unseen = new ArrayList<>(REASONS.stream().filter(Reason::certain).toList());
        for (Difference difference : differences) {
            reasonOf(difference).ifPresentOrElse(reason -> unseen.remove(reason), () -> unexplained.add(difference));
        }
        return new Verdict(unexplained, unseen);
    }

    /** The whole page. */
    static String page() {
        StringBuilder page = new StringBuilder("""
                # The two front-ends, on the same programs

                <!-- Written by dev/coverage from FrontEndDifferences of system-tests: do not edit. -->

                All scenarios of [coverage](coverage.md), the workloads of [false dependencies](false-dependencies.md), a build with make, a Python
                program with threads and a data base, and nginx under load are run in one guest (6.12) while two daemons record it, one by
                `lsm` and one by `trace`. Then every file, pipe and socket that was made or written to must have the same
                ancestors in both records: files by inode and path, pipes and sockets by inode, programs by process and path, symbolic links by path
                where they have one. What differs is
                in this table, with its reason; the test fails on any other difference, and on a row that shows none, but for those that
                take a race. Before it fails it records once more: what only one of the two recordings has was a race.

                | what differs | only in | why |
                |---|---|---|
                """);
        for (Reason reason : REASONS) {
            String spot = reason.spot() == null ? "" : "Blind spot of trace: " + reason.spot().text() + ". ";
            page.append("| ").append(reason.what()).append(" | ").append(reason.by().text()).append(" | ")
                    .append((spot + reason.why()).strip()).append(reason.certain() ? "" : " Not at each run.").append(" |\n");
        }
        return page.toString();
    }
}
