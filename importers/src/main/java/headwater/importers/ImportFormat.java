// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** The formats that are read. */
public enum ImportFormat {
    /** CamFlow's PROV-JSON: one document on a line. */
    W3C("w3c"),
    /** SPADE JSON, CamFlow's or SPADE's own. */
    SPADE("spade"),
    /** W3C PROV-JSON. */
    PROV_JSON("prov-json"),
    /** W3C PROV-N. */
    PROV_N("prov-n"),
    /** Linux audit: audit.log, or what ausearch prints. */
    AUDIT("audit");

    private static final Pattern AUDIT_LINE = Pattern.compile("(?m)^(node=\\S+ )?type=[A-Z_0-9\\[\\]]+ msg=audit\\(|^----$|^time->");
    private static final Pattern SPADE_LINE = Pattern.compile(
            "(?s)^[\\s\\[,]*\\{\\s*\"(type|id|from|to|annotations|hash)\"\\s*:\\s*(\"|\\{|[0-9]).*");
    private static final Pattern PROV_N_START = Pattern.compile("(?s)^(\\s|//[^\\n]*\\n|/\\*.*?\\*/)*document\\b.*");

    private final String text;

    ImportFormat(String text) {
        this.text = text;
    }

    /** The word after {@code --format}. */
    public String text() {
        return text;
    }

    /** The format named {@code text}, null if there is none. */
    public static ImportFormat ofText(String text) {
        for (ImportFormat format : values()) {
            if (format.text.equals(text)) {
                return format;
            }
        }
        return null;
    }

    /** What a source that begins so is, null if it cannot be told. */
    static ImportFormat of(byte[] beginning) {
        String text = new String(beginning, StandardCharsets.ISO_8859_1);
        if (AUDIT_LINE.matcher(text).find()) {
            return AUDIT;
        }
        if (PROV_N_START.matcher(text).matches()) {
            return PROV_N;
        }
        if (SPADE_LINE.matcher(text).matches()) {
            return SPADE;
        }
        if (!text.stripLeading().startsWith("{")) {
            return null;
        }
        return text.contains("\"cf\"") && text.contains("camflow.org") ? W3C : PROV_JSON;
    }
}
