// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import java.util.List;
import java.util.stream.IntStream;

/** Processes that make processes, and the programs that they execute. */
final class ProcessChannels {
    private static final int MANY = 200;

    private ProcessChannels() {
    }

    static List<Scenario> all() {
        return List.of(
                Scenario.of("arguments", """
                        read -r secret <source
                        /bin/echo "$secret" >sink
                        """).from("sink", "source").expect("an argument carries the secret's text",
                                graph -> graph.assertFrom("sink", NodeKind.ARGV, Attribute.VALUE, "source of arguments")),
                Scenario.of("script", """
                        cp source program
                        printf '#!/bin/sh\\necho made >sink\\n' >program
                        chmod +x program
                        ./program
                        """).from("sink", "program", "source").expect("the interpreter is an ancestor",
                                graph -> graph.assertFrom("sink", "/usr/bin/dash")),
                Scenario.of("daemon", """
                        flow daemon source sink
                        while [ ! -s sink ]; do sleep 0.05; done
                        """).from("sink", "source"),
                Scenario.of("many", """
                        i=0
                        while [ $i -lt %d ]; do
                            flow read source out.$i
                            i=$((i + 1))
                        done
                        cat out.* >sink
                        """.formatted(MANY)).from("sink", IntStream.range(0, MANY).mapToObj(i -> "out." + i)
                                .toArray(String[]::new)).from("sink", "source"));
    }
}
