// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The examples of a page of docs/, so that tests can run them. */
public final class DocExamples {
    private DocExamples() {
    }

    /** All blocks of {@code language} on {@code page}, such as {@code recorders-postgresql.md}; there has to be one. */
    public static List<String> of(String page, String language) throws IOException {
        String text = Files.readString(Path.of("..", "docs", page));
        List<String> blocks = Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL).matcher(text).results()
                .map((MatchResult result) -> result.group(1)).toList();
        assertFalse(blocks.isEmpty(), page);
        return blocks;
    }
}
