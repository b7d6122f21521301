// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.FrontEnd;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * ProvMark's benchmark (Chan et al., Middleware 2019): what one system call adds to the graph, as the difference between a program
 * that makes it and the same program that does not. Declared here, proven by {@link ScenarioRecording}, written to
 * {@code docs/provmark.md}. The calls themselves are in {@code syscall_tester.c}.
 */
final class ProvMark {
    /** Runs all calls in one scenario; its log says which process was which. */
    static final String NAME = "provmark";
    static final String SCRIPT = "syscall_tester all\n";

    private static final String VERSION = "version_activity";
    private static final String ATTRIBUTES = "iattr, file / memory_read, setattr, setattr_inode";
    private static final String ATTRIBUTES_VERSION = ATTRIBUTES + ", version_entity";
    private static final String USER = "process_memory ×2 / memory_read, clone_mem, setuid, terminate_proc";
    private static final String GROUP = "process_memory ×2 / memory_read, clone_mem, terminate_proc";
    private static final String FORKED = "task ×2, process_memory ×2 / memory_read, clone_mem, clone, terminate_task, terminate_proc";
    private static final String CHANGED = "iattr ×2 / setattr_inode, setattr";
    private static final String DESCRIPTORS = "only descriptors change: no information goes to or from an object";

    static final List<Call> CALLS = calls();

    private ProvMark() {
    }

    /** One system call, what CamFlow 0.4.5 added for it by ProvMark, and what each front-end adds. */
    static final class Call {
        private final String name;
        private final String camflow;
        private final Map<FrontEnd, String> adds = new EnumMap<>(FrontEnd.class);
        private String why = "";

        private Call(String name, String camflow) {
            this.name = name;
            this.camflow = camflow;
        }

        String name() {
            return name;
        }

        /** Empty if CamFlow added nothing. */
        String camflow() {
            return camflow;
        }

        /** As {@link RunGraph#added} has it; empty if nothing is added. */
        String adds(FrontEnd frontEnd) {
            return adds.get(frontEnd);
        }

        /** Why nothing is added, or what a reader may wonder at. */
        String why() {
            return why;
        }

        /** By every front-end. */
        private Call adds(String graph) {
            return by(FrontEnd.TRACE, graph).by(FrontEnd.LSM, graph);
        }

        private Call by(FrontEnd frontEnd, String graph) {
            adds.put(frontEnd, graph);
            return this;
        }

        /** Nothing is added, and that is right. */
        private Call nothingAs(String reason) {
            why = reason;
            return adds("");
        }

        private Call note(String text) {
            why = text;
            return this;
        }
    }

    private static Call call(String name, String camflow) {
        return new Call(name, camflow);
    }

    private static List<Call> calls() {
        List<Call> calls = new ArrayList<>();
        for (String open : List.of("open", "openat")) {
            calls.add(call(open, "file, path / perm_read, perm_write, open, named")
                    .adds("task, file / memory_write, open, " + VERSION)
                    .note("the file had its name before"));
        }
        calls.add(call("creat", "file / open").adds("file, directory, path / named, inode_create ×2"));
        calls.add(call("close", "").nothingAs(DESCRIPTORS));
        for (String dup : List.of("dup", "dup2", "dup3")) {
            calls.add(call(dup, "").nothingAs(DESCRIPTORS));
        }
        for (String read : List.of("read", "pread")) {
            calls.add(call(read, "read").adds("task / memory_write, read, " + VERSION));
        }
        for (String write : List.of("write", "pwrite")) {
            calls.add(call(write, "file / memory_read, write, version_entity")
                    .adds("file / version_entity, write"));
        }
        attributes(calls);
        names(calls);
        processes(calls);
        for (String pipe : List.of("pipe", "pipe2")) {
            calls.add(call(pipe, "").nothingAs("a pipe that nobody has written to holds nothing; it appears with its first bytes"));
        }
        calls.add(call("tee", "task, pipe ×2 / splice_in, memory_read, splice_out, …")
                .adds("pipe / copy").note("the other pipe is in the background; the edge names the task, whose memory has no part in it"));
        return List.copyOf(calls);
    }

    private static void attributes(List<Call> calls) {
        for (String change : List.of("chmod", "fchmodat", "chown", "fchownat")) {
            calls.add(call(change, ATTRIBUTES).adds(CHANGED));
        }
        for (String change : List.of("fchmod", "fchown")) {
            calls.add(call(change, ATTRIBUTES_VERSION).adds(CHANGED));
        }
        calls.add(call("truncate", "iattr, file ×2, path / perm_write, memory_read, setattr, named, version_entity, setattr_inode")
                .adds("file, iattr / setattr_inode, setattr"));
        calls.add(call("ftruncate", ATTRIBUTES_VERSION)
                .adds("file, iattr / version_entity, setattr_inode, setattr"));
    }

    private static void names(List<Call> calls) {
        for (String link : List.of("link", "linkat")) {
            calls.add(call(link, "file ×2, path / perm_read, perm_write, memory_read, link, named, version_entity")
                    .adds("file, directory, path / named, link ×2"));
        }
        for (String link : List.of("symlink", "symlinkat")) {
            calls.add(call(link, "").adds("link, directory, path / named, symlink ×2"));
        }
        for (String node : List.of("mknod", "mknodat")) {
            calls.add(call(node, "").adds("directory, pipe, path / named, inode_create ×2"));
        }
        for (String rename : List.of("rename", "renameat")) {
            calls.add(call(rename, "file, path / memory_read, link, named")
                    .adds("file, directory, path / named, rename ×2"));
        }
        for (String unlink : List.of("unlink", "unlinkat")) {
            calls.add(call(unlink, "file / memory_read, unlink").adds("file, directory / unlink ×2"));
        }
    }

    private static void processes(List<Call> calls) {
        calls.add(call("execve", "process_memory, file, path, argv / memory_read, perm_exec, open, read, perm_read, clone_mem, "
                + "version_activity, named, exec, arg")
                .adds("task, process_memory, argv ×3 / named, exec, arg ×3, exec_task, memory_read, " + VERSION)
                .note("the file and its path are in the background too: the program executes itself"));
        calls.add(call("clone", "task, process_memory / memory_read, clone_mem, clone").adds(forked()));
        calls.add(call("fork", FORKED).adds(forked()));
        calls.add(call("vfork", FORKED).adds("task ×2 / clone, terminate_task")
                .note("the child has no memory of its own until it executes"));
        calls.add(call("exit", "").nothingAs("the program without the call ends as well, and its end is recorded"));
        calls.add(call("kill", "").adds("task ×2, process_memory / version_entity, memory_write, memory_read, " + VERSION + " ×2, signal"));
        for (String set : List.of("setuid", "setreuid", "setresuid")) {
            calls.add(call(set, USER).adds("task, process_memory ×2 / named, terminate_proc, clone_mem, setuid, memory_read, " + VERSION));
        }
        for (String set : List.of("setgid", "setregid", "setresgid")) {
            calls.add(call(set, GROUP).adds("task, process_memory ×2 / named, terminate_proc, clone_mem, memory_read, " + VERSION));
        }
    }

    private static String forked() {
        return "task ×4, process_memory ×3 / named, version_entity, terminate_proc, clone_mem, memory_write, memory_read ×2, clone, "
                + VERSION + " ×2, terminate_task, exit_status";
    }

    /** {@code docs/provmark.md}. */
    static String page() {
        StringBuilder page = new StringBuilder("""
                # ProvMark

                <!-- Written by dev/coverage from system-tests: do not edit. -->

                What one system call adds to the graph: a program that makes the call is recorded beside the same program that does not
                make it, and what the first graph has more than the second is what the call adds. The method, the %d calls and CamFlow's
                column (version 0.4.5) are those of [ProvMark](https://doi.org/10.1145/3361525.3361552); each cell of Headwater's
                columns is a test, `trace` on the machine's own kernel and in stock kernels, `lsm` in those.

                Kinds of nodes stand before the stroke, relations after it, by CamFlow's names; a version is a node, and ×2 is two of them.

                """.formatted(CALLS.size()));
        page.append(tally()).append("\n| call | trace | lsm | CamFlow 0.4.5 | |\n|---|---|---|---|---|\n");
        for (Call call : CALLS) {
            String lsm = call.adds(FrontEnd.LSM).equals(call.adds(FrontEnd.TRACE)) && !call.adds(FrontEnd.LSM).isEmpty()
                    ? "the same" : cell(call.adds(FrontEnd.LSM));
            page.append("| ").append(call.name()).append(" | ").append(cell(call.adds(FrontEnd.TRACE))).append(" | ").append(lsm)
                    .append(" | ").append(cell(call.camflow())).append(" | ").append(call.why()).append(" |\n");
        }
        return page.toString();
    }

    private static String tally() {
        StringBuilder tally = new StringBuilder("| | adds something | rightly nothing |\n|---|---|---|\n");
        for (FrontEnd frontEnd : List.of(FrontEnd.TRACE, FrontEnd.LSM)) {
            long some = CALLS.stream().filter(call -> !call.adds(frontEnd).isEmpty()).count();
            tally.append("| ").append(frontEnd.text()).append(" | ").append(some).append(" | ").append(CALLS.size() - some)
                    .append(" |\n");
        }
        return tally.toString();
    }

    private static String cell(String graph) {
        return graph.isEmpty() ? "–" : graph;
    }
}
