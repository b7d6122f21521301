// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.Marks;
import headwater.config.CamflowConfig;
import headwater.config.Mark;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What of all that is followed is recorded. Used by the thread that records. */
interface Selection {
    /**
     * A change of one object's marks.
     *
     * @param add marks that it gets; propagating includes being tracked
     * @param clear marks that it loses
     * @param taint a bit for each label that it gets beside those that it has
     */
    record Change(Set<Mark> add, Set<Mark> clear, long taint) {
        public Change {
            add = Set.copyOf(add);
            clear = Set.copyOf(clear);
        }
    }

    /** It cannot be selected so; the message says what, and what to do. */
    final class ImpossibleException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        ImpossibleException(String message) {
            super(message);
        }
    }

    /**
     * What {@code config} says of what is captured holds from now on.
     *
     * @return what of it could not be done now, such as to mark a file that is not there
     * @throws ImpossibleException if it cannot; then what held before does
     */
    List<String> put(CamflowConfig config);

    /**
     * Marks a process, as of now.
     *
     * @param tgid in the initial pid namespace
     * @throws ImpossibleException if there is no such process, or it cannot be marked
     */
    void mark(int tgid, Change change);

    /**
     * Marks a file, as of now.
     *
     * @throws ImpossibleException if it cannot be opened, or cannot be marked
     */
    void mark(Path file, Change change);

    /** What a process bears; nothing if there is none, or it was never met. */
    Marks marks(int tgid);

    /**
     * What a file bears.
     *
     * @throws ImpossibleException if it cannot be opened
     */
    Marks marks(Path file);
}
