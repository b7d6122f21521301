// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.Marks;
import headwater.capture.Policy;
import headwater.capture.kernel.KernelException;
import headwater.config.CamflowConfig;
import headwater.config.Mark;
import headwater.config.RawText;
import headwater.config.Taint;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The selection of one recording. */
final class KernelSelection implements Selection {
    private final Recording recording;
    /** What was marked as a configuration asked for it: marks stay when it does no more, as in CamFlow. */
    private final Map<RawText, Marks> marked;

    /** @param marked which files have got what marks already, as a configuration asked for them */
    KernelSelection(Recording recording, Map<RawText, Marks> marked) {
        this.recording = recording;
        this.marked = new HashMap<>(marked);
    }

    /** Which files have got what marks, as a configuration asked for them. */
    Map<RawText, Marks> configured() {
        return Map.copyOf(marked);
    }

    @Override
    public List<String> put(CamflowConfig config) {
        List<String> notes = new ArrayList<>();
        Policy policy = PolicyPlan.of(config, notes);
        return possible(() -> {
            if (!policy.equals(recording.policy())) {
                recording.policy(policy);
            }
            notes.addAll(markFiles(config));
            notes.addAll(recording.annotating().put(config.annotation()));
            return notes;
        });
    }

    private List<String> markFiles(CamflowConfig config) {
        Map<RawText, Marks> wanted = new LinkedHashMap<>();
        for (Mark mark : Mark.values()) {
            config.files().of(mark).forEach(path -> wanted.merge(path, PolicyPlan.marks(mark), Marks::and));
        }
        for (Taint taint : config.taints()) {
            wanted.merge(taint.path(), Marks.NONE.tainted(taint.bits()), Marks::and);
        }
        List<String> notes = new ArrayList<>();
        wanted.forEach((path, marks) -> {
            if (!marks.equals(marked.get(path))) {
                try {
                    recording.mark(path(path), marks, Set.of());
                    marked.put(path, marks);
                } catch (KernelException | UncheckedIOException e) {
                    // A missing file is a warning, as in CamFlow.
                    notes.add("a file got no marks: path=" + path + ", cause=" + e.getMessage() + "; make it, then reload");
                }
            }
        });
        return notes;
    }

    private static Path path(RawText path) {
        if (path.utf8() == null) {
            throw new KernelException("the path is no UTF-8: path=" + path + "; rename the file", 0);
        }
        return Path.of(path.utf8());
    }

    @Override
    public void mark(int tgid, Change change) {
        if (!possible(() -> recording.mark(tgid, added(change), cleared(change)))) {
            throw new ImpossibleException("no such process, or it can never be recorded: pid=" + tgid);
        }
    }

    @Override
    public void mark(Path file, Change change) {
        possible(() -> recording.mark(file, added(change), cleared(change)));
    }

    @Override
    public Marks marks(int tgid) {
        Optional<Marks> marks = possible(() -> recording.marks(tgid));
        return marks.orElse(Marks.NONE);
    }

    @Override
    public Marks marks(Path file) {
        return possible(() -> recording.marks(file).marks());
    }

    private static Marks added(Change change) {
        Marks marks = Marks.NONE.tainted(change.taint());
        for (Mark mark : change.add()) {
            marks = marks.and(PolicyPlan.marks(mark));
        }
        return marks;
    }

    private static Set<headwater.capture.Mark> cleared(Change change) {
        Set<headwater.capture.Mark> marks = EnumSet.noneOf(headwater.capture.Mark.class);
        for (Mark mark : change.clear()) {
            marks.add(switch (mark) {
                case TRACK -> headwater.capture.Mark.TRACKED;
                case PROPAGATE -> headwater.capture.Mark.PROPAGATE;
                case OPAQUE -> headwater.capture.Mark.OPAQUE;
                case RECORD -> headwater.capture.Mark.RECORD;
            });
        }
        return marks;
    }

    private static <T> T possible(Supplier<T> how) {
        try {
            return how.get();
        } catch (KernelException | UncheckedIOException | IllegalArgumentException e) {
            throw new ImpossibleException(e.getMessage());
        }
    }
}
