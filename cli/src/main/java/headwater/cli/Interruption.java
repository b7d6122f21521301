// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.query.Patience;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets Ctrl-C (and SIGTERM) end a question with what is there: the walk stops, the answer that was found is written and
 * says so, and the process ends with {@link ExitCode#INTERRUPTED}. A question that does not come to its end then is
 * given up after a few seconds.
 */
final class Interruption implements AutoCloseable {
    private static final int GRACE_SECONDS = 10;

    private final Patience patience;
    private final Context context;
    private final CountDownLatch written = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "headwater-interruption");

    private Interruption(Patience patience, Context context) {
        this.patience = patience;
        this.context = context;
    }

    static Interruption of(Patience patience, Context context) {
        Interruption interruption = new Interruption(patience, context);
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        return interruption;
    }

    /** The exit code of the question: {@code otherwise}, unless it was interrupted. */
    int status(int otherwise) {
        return patience.cancelled() ? ExitCode.INTERRUPTED : otherwise;
    }

    private void end() {
        patience.cancel();
        try {
            if (!written.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                context.err().println("headwater: interrupted; the answer is not whole");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }

    @Override
    public void close() throws IOException {
        try {
            context.out().flush();
        } finally {
            written.countDown();
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It runs already, and ends the process.
                Thread.yield();
            }
        }
    }
}
