// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import java.util.concurrent.CountDownLatch;

/**
 * Lets a signal that would end this process (Ctrl-C, which reaches the recorded command as well; SIGTERM) wait until the record
 * is safe; then the process ends with the status of the command.
 */
final class SignalGuard {
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile int status;

    private SignalGuard() {
    }

    static SignalGuard install() {
        SignalGuard guard = new SignalGuard();
        Runtime.getRuntime().addShutdownHook(new Thread(guard::await, "headwater-signal"));
        return guard;
    }

    private void await() {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        System.err.flush();
        Runtime.getRuntime().halt(status);
    }

    /** Everything is written; the process may end. */
    void over(int status) {
        this.status = status;
        over.countDown();
    }
}
