// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says when an output has to end. Any thread may call. */
public final class Stop {
    /** Thrown where waiting was cut short. */
    public static final class StoppedException extends IOException {
        private static final long serialVersionUID = 1;

        StoppedException() {
            super("the output is being stopped");
        }
    }

    private final CountDownLatch stopped = new CountDownLatch(1);

    /** From now on nobody waits. */
    public void now() {
        stopped.countDown();
    }

    public boolean requested() {
        return stopped.getCount() == 0;
    }

    /**
     * Waits.
     *
     * @throws StoppedException as soon as the output has to end
     */
    public void pause(long milliseconds) throws StoppedException {
        try {
            if (stopped.await(milliseconds, TimeUnit.MILLISECONDS)) {
                throw new StoppedException();
            }
        } catch (InterruptedException e) {
            now();
            throw new StoppedException();
        }
    }

    /** @throws StoppedException if the output has to end */
    public void check() throws StoppedException {
        if (requested()) {
            throw new StoppedException();
        }
    }
}
