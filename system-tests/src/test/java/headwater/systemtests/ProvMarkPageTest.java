// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.capture.FrontEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** ProvMark's table says what is declared, of each call that the tester makes. */
class ProvMarkPageTest {
    @Test
    void shouldBeWrittenDown() throws Exception {
        GeneratedPage.verify("docs/provmark.md", ProvMark.page());
    }

    @Test
    void shouldDeclareEachCallThatTheTesterMakes() throws Exception {
        String tester = Files.readString(Path.of(Build.checkout().toString(), "system-tests/src/test/c/syscall_tester.c"));
        TreeSet<String> made = Pattern.compile("\\{ \"(\\w+)\", \\w+, \\w+ }").matcher(tester).results().map(m -> m.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        made.remove("nothing");
        assertEquals(made, ProvMark.CALLS.stream().map(ProvMark.Call::name).collect(Collectors.toCollection(TreeSet::new)));
        assertEquals(made.size(), ProvMark.CALLS.size(), "a call is declared twice");
    }

    @Test
    void shouldSayWhyNothingIsAdded() {
        for (ProvMark.Call call : ProvMark.CALLS) {
            for (FrontEnd frontEnd : new FrontEnd[] {FrontEnd.TRACE, FrontEnd.LSM}) {
                assertNotNull(call.adds(frontEnd), () -> "nothing is declared of " + call.name() + " by " + frontEnd.text());
                assertTrue(!call.adds(frontEnd).isEmpty() || !call.why().isEmpty(), call::name);
            }
        }
    }
}
