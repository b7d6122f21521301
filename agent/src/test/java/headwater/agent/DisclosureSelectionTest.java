// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import headwater.agent.disclosure.DisclosureSocket;
import headwater.capture.Mark;
import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is not recorded may not tell: opaque by its own mark or its program's, not selected, or not any more. */
class DisclosureSelectionTest extends SelectionRun {
    /** {@code tell(NAME[, FILE])} tells of an entity, and that it is what FILE is derived from; the outcome goes to the file {@code said}. */
    private static final String TELL = """
            import json, os, socket, time

            class Connection:
                def __init__(self):
                    self.socket = socket.socket(socket.AF_UNIX)
                    self.socket.connect('tell.sock')
                    self.answers = self.socket.makefile('r')
                    greeting = json.loads(self.answers.readline())
                    self.refused = greeting.get('error')
                    if not self.refused:
                        self.ask({'hello': {'version': 1, 'challenge': greeting['challenge']}})

                def ask(self, what):
                    self.socket.sendall((json.dumps(what) + '\\n').encode())
                    return json.loads(self.answers.readline())

                def tell(self, name, file=None):
                    outcome = self.refused
                    if not outcome:
                        relations = [{'relation': 'wasDerivedFrom', 'effect': {'path': os.path.abspath(file)}, 'cause': name}] if file else []
                        answer = self.ask({'disclose': {'nodes': [{'name': name, 'class': 'entity', 'label': name}], 'relations': relations}})
                        outcome = 'ok' if answer['ok'] else answer['error']
                    with open('said', 'a') as said:
                        said.write(name + ' ' + outcome + '\\n')

            def tell(name, file=None):
                Connection().tell(name, file)

            def stop(at, until):
                open(at + '.new', 'w').write(str(os.getpid()))
                os.rename(at + '.new', at)
                while not os.path.exists(until):
                    time.sleep(0.01)
            """;

    private DisclosureSocket socket;

    @BeforeEach
    void program() throws IOException {
        Files.writeString(folder.resolve("tell.py"), TELL);
    }

    /** @param lines what the programs of the script say, each outcome a line; the labels of what was taken are compared with the graph */
    private void assertSaid(Policy policy, String script, Consumer<Recording> prepare, Consumer<Recording> then, String... lines)
            throws IOException {
        String whole = "export PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1\n" + script;
        try (Recorded recorded = record(policy, whole, recording -> {
            try {
                socket = DisclosureSocket.open(folder.resolve("tell.sock"), recording.intake(), new FilePathProbe());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            prepare.accept(recording);
        }, then)) {
            assertEquals(List.of(lines), Files.readAllLines(folder.resolve("said")));
            Set<String> taken = new TreeSet<>();
            for (String line : lines) {
                if (line.endsWith(" ok")) {
                    taken.add(line.split(" ")[0]);
                }
            }
            assertEquals(taken, told(recorded), "in the graph is what was taken, and nothing else");
        } finally {
            socket.close();
        }
    }

    private static Set<String> told(Recorded recorded) {
        Set<String> labels = new TreeSet<>();
        GraphView view = recorded.view();
        recorded.objects().filter(object -> view.kind(object) == NodeKind.DISC_ENTITY).mapToObj(object -> view.attributes(object)
                .bytes(Attribute.VALUE)).filter(Objects::nonNull).forEach(label -> labels.add(new String(label)));
        return labels;
    }

    private int teller() {
        return Integer.parseInt(read("now"));
    }

    private static String python(String lines) {
        return "python3 - <<'END'\nfrom tell import *\n" + lines + "\nEND\n";
    }

    @Test
    void whoIsMarkedOpaqueTellsNoMoreUntilTheMarkIsTaken() throws IOException {
        assertSaid(Policy.EVERYTHING, python("c = Connection()\nc.tell('before')\nstop('now', 'marked')\nc.tell('marked')\ntell('anew')\n"
                + "stop('again', 'go')\nc.tell('after')\ntell('after-anew')"),
                recording -> { }, recording -> {
                    recording.mark(teller(), Marks.OPAQUE, Set.of());
                    proceed(recording, "marked", "again");
                    recording.mark(teller(), Marks.NONE, Set.of(Mark.OPAQUE));
                }, "before ok", "marked not-recorded", "anew not-recorded", "after ok", "after-anew ok");
    }

    /** Lets the script go on, and records until it stops again. */
    private void proceed(Recording recording, String made, String until) {
        try {
            Files.writeString(folder.resolve(made), "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        while (!Files.exists(folder.resolve(until))) {
            recording.doWork();
        }
    }

    @Test
    void whoExecutesAnOpaqueFileTellsNothing() throws IOException {
        Path program = folder.resolve("dark");
        Files.copy(Path.of("/usr/bin/python3"), program);
        assertSaid(Policy.EVERYTHING, "./dark - <<'END'\nfrom tell import *\ntell('dark')\n"
                + "os.system(\"python3 -c 'from tell import *; tell(\\\"child\\\")'\")\nEND\n" + python("tell('lit')"),
                recording -> recording.mark(program, Marks.OPAQUE, Set.of()), recording -> { },
                "dark not-recorded", "child ok", "lit ok");
    }

    /** By what it reads it comes to be in the record, with that file, and no more. */
    @Test
    void whoIsNotSelectedTellsNothingUntilItIs() throws IOException {
        assertSaid(Policy.TRACKED, python("tell('before')\nopen('source').read()\ntell('introduced')\nstop('now', 'go')\ntell('selected')"),
                recording -> recording.mark(folder.resolve("source"), Marks.TRACK, Set.of()),
                recording -> recording.mark(teller(), Marks.TRACK, Set.of()),
                "before not-recorded", "introduced not-recorded", "selected ok");
    }

    @Test
    void aChangeOfThePolicyCountsFromTheNextLineOn() throws IOException {
        assertSaid(Policy.EVERYTHING, python("c = Connection()\nc.tell('all')\nstop('now', 'changed')\nc.tell('tracked')\ntell('anew')\n"
                + "stop('again', 'go')\nc.tell('once-more')"),
                recording -> { }, recording -> {
                    recording.policy(Policy.TRACKED);
                    proceed(recording, "changed", "again");
                    recording.policy(Policy.EVERYTHING);
                }, "all ok", "tracked not-recorded", "anew not-recorded", "once-more ok");
    }

    @Test
    void whereNothingIsRecordedNothingIsTold() throws IOException {
        assertSaid(Policy.EVERYTHING.withEnabled(false), python("tell('disabled')"), recording -> { }, recording -> { },
                "disabled not-recorded");
    }

    @Test
    void nothingIsToldOfAnOpaqueFile() throws IOException {
        assertSaid(Policy.EVERYTHING, python("tell('hidden', 'source')\ntell('shown', 'other')"),
                recording -> recording.mark(folder.resolve("source"), Marks.OPAQUE, Set.of()), recording -> { },
                "hidden not-recorded", "shown ok");
    }
}
