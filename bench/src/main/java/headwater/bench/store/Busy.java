// SPDX-License-Identifier: Apache-2.0
package headwater.bench.store;

import headwater.bench.Report;
import headwater.store.Store;
import headwater.store.index.StoreView;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Asks while another thread writes. Information can flow into what is asked for only before it is seen, so answers stay
 * the same.
 */
final class Busy implements Runnable {
    private static final int ASKED_OF_A_VIEW = 200;
    private static final int ENOUGH = 1_000;

    private final Path path;
    private final Questions questions;
    private final Random random = new Random(3);
    private volatile boolean stopped;
    private long[] took = new long[1 << 12];
    private int count;
    private Throwable thrown;

    Busy(Path path, Questions questions) {
        this.path = path;
        this.questions = questions;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                try (StoreView view = Store.openForReading(path).view()) {
                    Ancestry ancestry = new Ancestry(view);
                    long settled = view.nodes() - 100_000;
                    for (int i = 0; i < ASKED_OF_A_VIEW && !stopped; i++) {
                        long ns = questions.askAny(ancestry, random, settled);
                        if (ns >= 0) {
                            add(ns);
                        }
                    }
                }
            }
        } catch (Throwable e) {
            thrown = e;
        }
    }

    private void add(long ns) {
        if (count == took.length) {
            took = Arrays.copyOf(took, 2 * count);
        }
        took[count++] = ns;
    }

    void stop() {
        stopped = true;
    }

    /** Asks as often of a store that is at rest, and reports how much slower the others were. */
    void compare(StoreView view, Report report) {
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
        int asked = count;
        double busy = median(asked);
        count = 0;
        Ancestry ancestry = new Ancestry(view);
        for (int i = 0; i < Math.max(1_000, asked); i++) {
            add(questions.askAny(ancestry, random, view.nodes()));
        }
        double idle = median(count);
        report.say("asked during full-rate ingest", asked, "questions");
        report.say("asked during full-rate ingest, p50", busy / 1e6, "ms");
        if (asked >= ENOUGH) {
            report.atMost("asked during full-rate ingest, times the p50 at rest", busy / idle, "", 2);
        } else {
            report.say("asked during full-rate ingest, times the p50 at rest (too few asked to judge)", asked == 0 ? 0
                    : busy / idle, "");
        }
    }

    private double median(int of) {
        Arrays.sort(took, 0, of);
        return of == 0 ? 0 : took[of / 2];
    }
}
