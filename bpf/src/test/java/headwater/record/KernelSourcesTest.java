// SPDX-License-Identifier: Apache-2.0
package headwater.record;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every hook must keep to, and no compiler checks. */
class KernelSourcesTest {
    /** A flow whose source is a process, past {@code put_out}: what the process shares with others would be missing in it. */
    private static final Pattern PAST_PUT_OUT = Pattern.compile(
            "\\b(?:flow_to_inode|act_on_inode|flow_into)\\(\\s*&[^,;]*\\bprocess\\)?(?:->|\\.)object\\b[^;]*;"
                    + "|\\bfrom = &[^,;]*\\bprocess(?:->|\\.)object\\b");

    @Test
    void everyFlowOutOfAProcessFirstTakesInWhatItShares() throws IOException {
        List<String> found = new ArrayList<>();
        int sources = 0;
        try (Stream<Path> files = Files.list(Path.of(""))) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.[hc]")).sorted().toList()) {
                sources++;
                // put_out itself; mappings, which are what is shared; claim_put, whose callers have asked share_first.
                if (List.of("shared.h", "claims.h").contains(file.toString())) {
                    continue;
                }
                Matcher matcher = PAST_PUT_OUT.matcher(Files.readString(file));
                while (matcher.find()) {
                    found.add(file + ": " + matcher.group().replaceAll("\\s+", " "));
                }
            }
        }
        assertTrue(sources > 40, "the kernel's sources are not here: files=" + sources);
        assertEquals(List.of(), found, "use put_out or put_out_always of shared.h");
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {
        "flow_to_inode(&who->process->object, object, OP_WRITE, 0, 0, 0, who->id); true",
        "act_on_inode(&who.process->object, object, OP_UNLINK, 1, who.id); true",
        "flow_to_inode(&state->process.object, object, OP_MMAP_WRITE, FLAG_BEFORE, 0, 0, id); true",
        "flow_to_inode(&object->object, other, OP_SEND_PEER, 0, 0, 0, task); false",
        "put_out(who, object, OP_WRITE, 0, 0, 0); false"})
    void knowsOneFromTheOther(String line, boolean past) {
        assertEquals(past, PAST_PUT_OUT.matcher(line + ";").find(), line);
    }
}
