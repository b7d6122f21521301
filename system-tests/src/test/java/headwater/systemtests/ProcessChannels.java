// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.List;
import java.util.stream.IntStream;

/** Processes that make processes, and the programs that they execute. */
final class ProcessChannels {
    private static final int MANY = 200;

    private ProcessChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                FileChannels.moved("fork", "fork(2)", "the child writes what its parent had read"),
                FileChannels.moved("vfork", "vfork(2)", "the child reads into its parent's memory"),
                FileChannels.moved("vfork-of-threads", "vfork(2), by one of several threads",
                        "the child reads, another thread of its parent writes meanwhile"),
                IpcChannels.process("cloned", "clone3", "clone3(2)", "the child writes what its parent had read"),
                IpcChannels.process("cloned", "clone-files", "clone3(2), CLONE_FILES", "the parent reads what the child opened"),
                IpcChannels.process("cloned", "inherited", "fork(2), dup(2), inherited descriptors",
                        "opened by the parent, duplicated by the child, read by the grandchild"),
                FileChannels.moved("thread", "clone(2), CLONE_THREAD", "one thread reads, another writes"),
                Scenario.of("arguments", "execve(2), arguments", "the argument carries the secret", """
                        read -r secret <source
                        /bin/echo "$secret" >sink
                        """).from("sink", "source").expect("an argument carries the secret's text",
                                graph -> graph.assertFrom("sink", NodeKind.ARGV, Attribute.VALUE, "source of arguments")),
                Scenario.of("script", "execve(2), an interpreter", "a script and its interpreter are ancestors of what it makes", """
                        cp source program
                        printf '#!/bin/sh\\necho made >sink\\n' >program
                        chmod +x program
                        ./program
                        """).from("sink", "program", "source").expect("the interpreter is an ancestor",
                                graph -> graph.assertFrom("sink", "/usr/bin/dash")),
                Scenario.of("daemon", "fork(2), setsid(2)", "a daemon writes when its parents are gone", """
                        flow daemon source sink
                        while [ ! -s sink ]; do sleep 0.05; done
                        """).from("sink", "source"),
                Scenario.of("many", "two hundred processes", "each one is kept apart", """
                        i=0
                        while [ $i -lt %d ]; do
                            flow read source out.$i
                            i=$((i + 1))
                        done
                        cat out.* >sink
                        """.formatted(MANY)).from("sink", IntStream.range(0, MANY).mapToObj(i -> "out." + i)
                                .toArray(String[]::new)).from("sink", "source"),
                Scenario.of("exit-status", "exit(2), wait(2)", "a child's status tells what it read", """
                        status=0
                        memory exit-status source || status=$?
                        echo $status >sink
                        """).told("sink", "source", Relation.EXIT_STATUS),
                Scenario.of("interpreter", "execve(2), ld.so", "a program's dynamic loader is an ancestor of what it makes", """
                        cp /lib64/ld-linux-x86-64.so.2 loader
                        printf '#include <stdio.h>\\nint main(void) { return puts("made") < 0; }\\n' >program.c
                        gcc -Wl,--dynamic-linker="$PWD/loader" -o program program.c
                        ./program >sink
                        """).from("sink", "program", "loader").unseen(BlindSpot.INTERPRETER, "sink comes from loader"),
                passed("ptrace", "ptrace(2), PTRACE_PEEKDATA", "read out of another process's memory")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_MEMORY),
                IpcChannels.process("reach", "registers", "ptrace(2), PTRACE_TRACEME, PTRACE_GETREGS", "read out of another's registers")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_MEMORY),
                IpcChannels.process("reach", "poke", "ptrace(2), PTRACE_POKEDATA", "put into another process's memory")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_MEMORY),
                passed("process-vm-readv", "process_vm_readv(2)", "read out of another process's memory")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_MEMORY),
                IpcChannels.process("reach", "process-vm-writev", "process_vm_writev(2)", "put into another process's memory")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_MEMORY),
                IpcChannels.process("reach", "mem", "/proc/PID/mem, read", "opened before the other had read the source")
                        .unseenOn(Kernel.V6_1, BlindSpot.PROC_FILES),
                IpcChannels.process("reach", "mem-write", "/proc/PID/mem, written", "put into another process's memory")
                        .unseenOn(Kernel.V6_1, BlindSpot.OTHER_MEMORY),
                Scenario.of("process-name", "prctl(2), PR_SET_NAME", "a process's name, as another reads it in /proc", """
                        reach name source sink
                        """).told("sink", "source", Relation.PROC_READ).unseenOn(Kernel.V6_1, BlindSpot.PROC_FILES),
                IpcChannels.process("reach", "pidfd-getfd", "pidfd_getfd(2)", "a descriptor out of another process")
                        .expect("the passing is recorded", graph -> graph.assertRelation("sink", Relation.FILE_RCV)),
                Scenario.of("process-userfaultfd", "userfaultfd(2), UFFDIO_COPY", "a page put into another process's memory", """
                        reach userfaultfd source sink
                        """).from("sink", "source").unseenOn(Kernel.V6_1, BlindSpot.USERFAULTFD),
                Scenario.of("process-core", "a core dump", "what a process had in memory when it died", """
                        tell core source sink
                        """).from("sink", "source").unseen(BlindSpot.CORE_DUMPS));
    }

    /** A child reads the source, its parent writes the sink, and only the tester {@code memory}'s channel joins them. */
    private static Scenario passed(String mode, String channel, String description) {
        return Scenario.of(mode, channel, description, "memory " + mode + " source sink\n").from("sink", "source");
    }
}
