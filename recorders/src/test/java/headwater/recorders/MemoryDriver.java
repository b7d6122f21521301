// SPDX-License-Identifier: Apache-2.0
package headwater.recorders;

import headwater.outputs.Stop;
import headwater.store.log.LogBlock;
import headwater.store.log.MalformedPayloadException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * {@code memory}: a target that lives in this process, and fails as often as it is told to, before or after it did what
 * it was asked.
 */
public final class MemoryDriver implements RecorderDriver {
    /** What survives its recorder. */
    static final class Target {
        private final List<LogBlock> blocks = new ArrayList<>();
        private final Random random;
        private final int failPercent;
        private final CountDownLatch hang = new CountDownLatch(1);
        private volatile boolean hangs;
        private volatile boolean hanging;
        private Recorded recorded;
        private int commits;

        Target(long seed, int failPercent) {
            random = new Random(seed);
            this.failPercent = failPercent;
        }

        /** From now on nothing comes back before {@link #release}. */
        void hang() {
            hangs = true;
        }

        /** True once something does not come back. */
        boolean isHanging() {
            return hanging;
        }

        void release() {
            hangs = false;
            hang.countDown();
        }

        synchronized int commits() {
            return commits;
        }

        synchronized KeptGraph graph() throws MalformedPayloadException {
            KeptGraph graph = new KeptGraph();
            for (LogBlock block : blocks) {
                block.replay(graph);
            }
            return graph;
        }

        private void maybeFail(String where) throws IOException {
            if (random.nextInt(100) < failPercent) {
                throw new IOException("made to fail: where=" + where);
            }
        }
    }

    /** By the setting {@code target}. */
    static final Map<String, Target> TARGETS = new ConcurrentHashMap<>();

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public Recorder recorder(RecorderSpec spec) {
        Target target = TARGETS.get(spec.required("target"));
        return new Recorder() {
            private final List<LogBlock> taken = new ArrayList<>();

            @Override
            public Recorded open(UUID store, Stop stop) throws IOException {
                synchronized (target) {
                    taken.clear();
                    target.maybeFail("open");
                    return target.recorded == null ? Recorded.nothing(store) : target.recorded;
                }
            }

            @Override
            public void take(LogBlock block, Stop stop) throws IOException {
                if (target.hangs) {
                    try {
                        target.hanging = true;
                        target.hang.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                }
                synchronized (target) {
                    target.maybeFail("take");
                    taken.add(block);
                }
            }

            @Override
            public void commit(Recorded all, Stop stop) throws IOException {
                synchronized (target) {
                    target.maybeFail("before commit");
                    target.blocks.addAll(taken);
                    taken.clear();
                    target.recorded = all;
                    target.commits++;
                    target.maybeFail("after commit");
                }
            }

            @Override
            public CommitRule commitRule() {
                return new CommitRule(spec.number("events", 1 << 16, 1, 1 << 20), spec.number("wait", 0, 0, 60_000));
            }

            @Override
            public void close() {
                taken.clear();
            }
        };
    }
}
