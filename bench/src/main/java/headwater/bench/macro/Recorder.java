// SPDX-License-Identifier: Apache-2.0
package headwater.bench.macro;

import java.io.IOException;
import java.nio.file.Path;

/** One arm of a comparison: what watches while a workload runs, or nothing. */
interface Recorder {
    /** For people. */
    String text();

    /** True if what was aimed at is aimed at for this one. */
    default boolean hasTarget() {
        return false;
    }

    /**
     * Starts it, and returns when all that happens from now on is seen.
     *
     * @param folder empty, for what it keeps; the caller removes it
     * @throws IOException if it does not start; nothing of it is left running then
     */
    Watch start(Path folder) throws IOException;

    /** A recorder that runs. Closing it ends it, whatever state it is in, and does so once. */
    interface Watch extends AutoCloseable {
        /** What it has done so far, once it has taken in all that has happened. */
        Usage settled() throws IOException;

        /** What it lost, over all its time; ends it. */
        long end() throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Nothing: what all others are compared with. */
    enum Nothing implements Recorder, Watch {
        OFF;

        @Override
        public String text() {
            return "off";
        }

        @Override
        public Watch start(Path folder) {
            return this;
        }

        @Override
        public Usage settled() {
            return Usage.NONE;
        }

        @Override
        public long end() {
            return 0;
        }

        @Override
        public void close() {
        }
    }
}
