// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.capture.Marks;
import headwater.config.CamflowConfig;
import headwater.config.CamflowdConfig;
import headwater.config.ConfigEdit;
import headwater.config.Parsed;
import headwater.config.Problem;
import headwater.config.Severity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;

/**
 * What a daemon records and where it goes, and how both are changed while it runs. Changes are asked for by any thread, and made by the
 * one that records, between two looks at the rings; each is in the record.
 */
final class Administration {
    private static final long MADE_WITHIN_MS = 20_000;
    /** So many changes are made between two looks at the rings, however many are asked for. */
    private static final int CHANGES_AT_ONCE = 4;

    /** The change was not made; the message says why. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    private final ConfigFiles files;
    private final Following following;
    private final CamflowConfig started;
    private final ConcurrentLinkedQueue<FutureTask<?>> asked = new ConcurrentLinkedQueue<>();
    private volatile ConfigFiles.Content content;
    private volatile CamflowConfig config;
    private volatile Recording recording;

    /** @param content what {@code files} said at the start */
    Administration(ConfigFiles files, ConfigFiles.Content content, Following following) {
        this.files = files;
        this.following = following;
        this.content = content;
        started = content.config();
        config = content.config();
    }

    /** The configuration in effect. */
    CamflowConfig config() {
        return config;
    }

    /** What is captured, in a line, and whether somebody changed it since the file was read. */
    String policyText() {
        CamflowConfig now = config;
        return PolicyText.of(now) + (now.equals(content.config()) ? "" : "; changed since the configuration was read");
    }

    /** True if what was recorded was chosen by a file. */
    boolean isFromFile() {
        return content.isFromFile();
    }

    /**
     * The plan with the policy that holds, so that nothing else is recorded at its beginning.
     *
     * @throws Selection.ImpossibleException if it cannot be recorded so
     */
    Recording.Plan plan(Recording.Plan plan) {
        return plan.with(PolicyPlan.of(config, new ArrayList<>()));
    }

    /**
     * A session begins: what holds, holds for it, and the record says so. By the thread that records.
     *
     * @param first of this daemon; the next ones go on with what was changed meanwhile
     * @param carried the marks that it has begun with
     * @throws Selection.ImpossibleException if it cannot be recorded so
     */
    void begin(Recording session, boolean first, CarriedMarks carried) {
        recording = session;
        session.selection().put(config).forEach(note -> System.err.println("headwater: " + note));
        follow(content, config);
        if (!first) {
            session.changed(Asker.self("headwater start").change(goesOn(carried)));
        } else if (content.isFromFile()) {
            session.changed(Asker.self("headwater start").change("policy of " + files.policy()));
        }
    }

    private String goesOn(CarriedMarks carried) {
        String policy = new String(config.toIni(""), StandardCharsets.UTF_8).lines().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";")).collect(Collectors.joining(" "));
        return "policy goes on: " + (policy.isEmpty() ? "everything" : policy)
                + (carried.isEmpty() ? "" : "; marks go on: files=" + carried.files().size() + ", processes=" + carried.processes().size());
    }

    /** The session is over; until the next, changes are only kept. By the thread that records. */
    void end() {
        recording = null;
    }

    /** Makes some of the changes that were asked for. By the thread that records, or the one that waits to record again. */
    void work() {
        for (int i = 0; i < CHANGES_AT_ONCE; i++) {
            FutureTask<?> task = asked.poll();
            if (task == null) {
                return;
            }
            task.run();
        }
    }

    /** Answers all that still wait, when nobody will work any more. */
    void close() {
        for (FutureTask<?> task = asked.poll(); task != null; task = asked.poll()) {
            task.cancel(false);
        }
    }

    private <T> T made(Callable<T> change) throws RefusedException {
        FutureTask<T> task = new FutureTask<>(change);
        asked.add(task);
        Recording session = recording;
        if (session != null) {
            session.wake();
        }
        try {
            return task.get(MADE_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            String message = e.getCause().getMessage();
            throw new RefusedException(message == null ? e.getCause().toString() : message);
        } catch (java.util.concurrent.CancellationException e) {
            throw new RefusedException("the daemon is ending");
        } catch (TimeoutException e) {
            // Left alone, it would be made when nobody expects it any more.
            boolean notBegun = asked.remove(task);
            throw new RefusedException("the daemon did not answer in time: milliseconds=" + MADE_WITHIN_MS + ", made="
                    + (notBegun ? "no" : "unknown"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RefusedException("the daemon is ending");
        }
    }

    /**
     * Changes the policy by all of {@code edits}, or not at all.
     *
     * @return what the asker should know of values that were taken
     */
    List<String> edit(List<ConfigEdit> edits, Asker asker) throws RefusedException {
        return made(() -> {
            Parsed<CamflowConfig> parsed;
            try {
                parsed = ConfigEdit.apply(config, edits, files.machine());
            } catch (IllegalArgumentException e) {
                throw new RefusedException(e.getMessage());
            }
            if (parsed.config().isEmpty()) {
                throw new RefusedException(parsed.problems().stream().filter(problem -> problem.severity() == Severity.ERROR)
                        .map(Administration::said).collect(Collectors.joining("\n")));
            }
            List<String> notes = new ArrayList<>(parsed.problems().stream().map(Administration::said).toList());
            notes.addAll(put(parsed.config().get()));
            record(asker, "policy: " + edits.stream().map(ConfigEdit::text).collect(Collectors.joining(", ")));
            return notes;
        });
    }

    private static String said(Problem problem) {
        return problem.what() + (problem.value().isEmpty() ? "" : ": value=" + problem.value())
                + (problem.next().isEmpty() ? "" : "; " + problem.next());
    }

    private List<String> put(CamflowConfig wanted) {
        CamflowConfig before = config;
        List<String> notes = recording == null ? List.of() : recording.selection().put(wanted);
        config = wanted;
        if (wanted.compression().duplicate() != before.compression().duplicate()) {
            follow(content, wanted);
        }
        return notes;
    }

    private void follow(ConfigFiles.Content files, CamflowConfig policy) {
        following.replace(OutputPlan.of(files.outputs(), policy.compression().duplicate()), RecorderPlan.of(files.outputs()));
    }

    private void record(Asker asker, String what) {
        if (recording != null) {
            recording.changed(asker.change(what));
        }
    }

    /**
     * Reads the files again. What was changed by {@link #edit} gives way to what they say.
     *
     * @return what their writer should know
     */
    List<String> reload(Asker asker) throws RefusedException {
        ConfigFiles.Content fresh;
        try {
            fresh = files.read();
        } catch (ConfigFiles.RefusedException | IOException e) {
            throw new RefusedException(e.getMessage() + "\nnothing was changed");
        }
        return made(() -> {
            List<String> notes = new ArrayList<>(fresh.warnings().stream().map(Problem::text).toList());
            notes.addAll(Restart.needed(started, fresh.config()));
            follow(fresh, fresh.config());
            if (recording != null) {
                try {
                    notes.addAll(recording.selection().put(fresh.config()));
                } catch (Selection.ImpossibleException e) {
                    follow(content, config);
                    throw e;
                }
            }
            content = fresh;
            config = fresh.config();
            record(asker, fresh.isFromFile() ? "policy of " + files.policy() : "policy: everything, as there is no " + files.policy());
            return notes;
        });
    }

    /** Marks a process or a file. */
    void mark(Selection.Change change, String target, Consumer<Selection> how, Asker asker) throws RefusedException {
        made(() -> {
            if (recording == null) {
                throw new RefusedException("nothing is recorded now; try again when there is room in the log");
            }
            how.accept(recording.selection());
            record(asker, "marks of " + target + ": " + text(change));
            return null;
        });
    }

    private static String text(Selection.Change change) {
        List<String> words = new ArrayList<>();
        change.add().stream().sorted().forEach(mark -> words.add("+" + mark.text()));
        change.clear().stream().sorted().forEach(mark -> words.add("-" + mark.text()));
        if (change.taint() != 0) {
            words.add("taint " + Long.toHexString(change.taint()));
        }
        return String.join(" ", words);
    }

    /**
     * What an object bears. All that was recorded of it up to now can be read in the log after this.
     *
     * @param asked what of the selection is asked
     */
    Marks settle(Function<Selection, Marks> asked) throws RefusedException {
        return made(() -> {
            if (recording == null) {
                return Marks.NONE;
            }
            Marks marks = asked.apply(recording.selection());
            recording.settle();
            return marks;
        });
    }

    /** What the store is to keep, as the files said when they were last read. Any thread may ask. */
    CamflowdConfig.Retention retention() {
        return content.outputs().retention();
    }

    /** Lets objects below this number go, but for those that are in use, which it hands over; see {@link Recording#inUse}. */
    void inUse(long beforeObject, LongConsumer objects, LongConsumer nodes) throws RefusedException {
        made(() -> {
            if (recording != null) {
                recording.inUse(beforeObject, objects, nodes);
            }
            return null;
        });
    }

    /** From now on outputs write each node again before its first edge, as in a new epoch of CamFlow. */
    void epoch(Asker asker) throws RefusedException {
        made(() -> {
            following.forget();
            record(asker, "epoch");
            return null;
        });
    }
}
