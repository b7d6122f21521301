// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class SpadeDslTextTest {
    @Test
    void shouldEscapeWhatTheDslEscapesAndSpellOutWhatItCannotSay() {
        StringBuilder text = new StringBuilder();
        SpadeDslText out = new SpadeDslText(text);
        out.string("path", "/a b:c\\").string("type", "x\ny\\z").raw("id", "\"7\"").raw("pid", "12").string("none", "");
        assertEquals(" path:/a\\ b\\:c\\x5c cf\\:type:x\\x0ay\\z cf\\:id:7 pid:12 none:", text.toString());
    }
}
