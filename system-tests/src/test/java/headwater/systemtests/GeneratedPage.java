// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation that is made from declarations of these tests; {@code dev/coverage} writes it. */
final class GeneratedPage {
    private GeneratedPage() {
    }

    /** Fails if the page differs from {@code text}; with {@code -Dheadwater.coverage=write}, writes it instead. */
    static void verify(String path, String text) throws IOException {
        Path page = Build.checkout().resolve(path);
        if ("write".equals(System.getProperty("headwater.coverage"))) {
            Files.writeString(page, text);
        }
        assertEquals(text, Files.exists(page) ? Files.readString(page) : "", path + " is not what the tests declare; run dev/coverage");
    }
}
