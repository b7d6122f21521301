// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers the section {@code [taint]}: {@code file=0,5,63 /a/path}. */
final class TaintsReader {
    private final Problems problems;
    private final Machine machine;
    private final Map<RawText, Long> bits = new LinkedHashMap<>();

    TaintsReader(Problems problems, Machine machine, Schema schema) {
        this.problems = problems;
        this.machine = machine;
        schema.list("taint", "file", Origin.HEADWATER, this::add);
    }

    private void add(IniEntry entry) {
        String text = entry.value().latin1();
        int blank = 0;
        while (blank < text.length() && !IniParser.isSpace(text.charAt(blank))) {
            blank++;
        }
        String path = IniParser.strip(text.substring(blank));
        if (!path.startsWith("/")) {
            problems.error(entry, "not labels and an absolute path", "write file=0,5,63 /the/path");
            return;
        }
        long labels = labels(entry, text.substring(0, blank));
        if (labels == 0) {
            return;
        }
        RawText file = RawText.ofLatin1(path);
        if (!machine.hasFile(file)) {
            problems.warning(entry, "no such file", "it gets no taint; make the file, then reload");
        }
        if (bits.merge(file, labels, (a, b) -> a | b) != labels) {
            problems.warning(entry, "the path is listed twice", "it gets the labels of both");
        }
    }

    /** 0 with an error if they are none. */
    private long labels(IniEntry entry, String numbers) {
        long labels = 0;
        for (String number : numbers.split(",", -1)) {
            if (!number.matches("[0-9]|[1-5][0-9]|6[0-3]")) {
                problems.error(entry, "wrong label: label=" + RawText.ofLatin1(number),
                        "write numbers from 0 to 63 with commas between, and no blanks");
                return 0;
            }
            labels |= 1L << Integer.parseInt(number);
        }
        return labels;
    }

    List<Taint> finish() {
        List<Taint> taints = new ArrayList<>();
        bits.forEach((path, labels) -> taints.add(new Taint(path, labels)));
        return taints;
    }
}
