// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphView;
import headwater.model.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run as people name it: {@code 3}, {@code last}, {@code last~1} (the one before), or with the store that it is in,
 * {@code STORE:RUN}.
 *
 * @param store null for the store of the command line
 */
record RunNamed(Path store, String run) {
    private static final Pattern RUN = Pattern.compile("(?:(.+):)?(last(?:~[0-9]{1,9})?|[0-9]{1,9})");

    static RunNamed parse(String text) throws Failure {
        Matcher matcher = RUN.matcher(text);
        if (!matcher.matches()) {
            throw new Failure(ExitCode.WRONG_USE, "not a run: run=" + text
                    + ", want=NUMBER, last, last~1, or one of them behind STORE:. "
                    + "Try: headwater runs");
        }
        return new RunNamed(matcher.group(1) == null ? null : Path.of(matcher.group(1)), matcher.group(2));
    }

    /** The store, which must exist. */
    Path store(Path otherwise) throws Failure {
        Path path = store == null ? otherwise : store;
        if (!Files.isDirectory(path)) {
            throw new Failure(ExitCode.NOTHING, "there is no store: store=" + path);
        }
        return path;
    }

    Session in(GraphView view) throws Failure {
        List<Session> sessions = view.sessions();
        if (run.startsWith("last")) {
            // What was imported is a run only for who names its number.
            List<Session> captured = sessions.stream().filter(session -> !session.isImported()).toList();
            int back = run.length() > 4 ? Integer.parseInt(run.substring(5)) : 0;
            if (back < captured.size()) {
                return captured.get(captured.size() - 1 - back);
            }
        }
        for (Session session : sessions) {
            if (!run.startsWith("last") && session.number() == Integer.parseInt(run)) {
                return session;
            }
        }
        throw new Failure(ExitCode.NOTHING, "there is no such run: run=" + run + ", runs="
                + (sessions.isEmpty() ? "none"
                : sessions.getFirst().number() + " to " + sessions.getLast().number()) + ". Try: headwater runs");
    }
}
