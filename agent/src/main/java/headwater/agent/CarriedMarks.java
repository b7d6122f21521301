// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.FileId;
import headwater.capture.Marks;
import headwater.config.RawText;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one session of a daemon leaves to the next: the marks that files and processes bear, whoever gave them. What happens between the
 * two is not watched, so nothing spreads then: who is forked meanwhile has no marks.
 *
 * @param files what the kernel side kept of files, on whichever file system; good for one boot
 * @param configured which files have got the marks that the configuration asks for, so that none is given twice
 * @param lasting what is kept in the store, with what could not be written yet; null: to be read from there
 */
record CarriedMarks(Map<FileId, Marks> files, List<Bearer> processes, Map<RawText, Marks> configured, LastingMarks lasting) {
    static final CarriedMarks NONE = new CarriedMarks(Map.of(), List.of(), Map.of(), null);

    /**
     * A process with marks.
     *
     * @param started tells it from another that gets its number
     */
    record Bearer(int tgid, Instant started, Marks marks) {
        boolean lives() {
            return ProcessHandle.of(tgid).flatMap(process -> process.info().startInstant()).filter(started::equals).isPresent();
        }
    }

    /** Of those processes that still live. */
    Map<Integer, Marks> byProcess() {
        Map<Integer, Marks> living = new HashMap<>();
        processes.stream().filter(Bearer::lives).forEach(process -> living.put(process.tgid, process.marks));
        return living;
    }

    boolean isEmpty() {
        return files.isEmpty() && processes.isEmpty();
    }

    /** No session takes it over. */
    void drop() throws IOException {
        if (lasting != null) {
            lasting.close();
        }
    }
}
