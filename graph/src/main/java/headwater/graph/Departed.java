// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/**
 * Tasks and processes that have ended, or whose memory gave way to that of another program, but of which a record may still
 * speak: another CPU looked the process up just before, and its record (a signal, a read of what {@code /proc} shows) is stamped just
 * after. The last {@value #KEPT} are kept, which is far more than CPUs can have under way.
 */
final class Departed {
    private static final int KEPT = 1024;
    private static final int NOTHING = -1;

    private final Versions versions;
    /** All ids that stand for something. */
    private final KernelIds known;
    private final KernelIds kept = new KernelIds();
    private final long[] ids = new long[KEPT];
    private final int[] handles = new int[KEPT];
    private long count;

    Departed(Versions versions, KernelIds known) {
        this.versions = versions;
        this.known = known;
    }

    /** True if {@code id} departed, and is still kept. */
    boolean has(long id) {
        return kept.get(id) >= 0;
    }

    /**
     * {@code id} departs. Does nothing if it has already.
     *
     * @param handle to be released when nothing can be said of it any more; -1 for none
     */
    void add(long id, int handle) {
        if (has(id)) {
            return;
        }
        int place = (int) (count % KEPT);
        if (count++ >= KEPT) {
            kept.remove(ids[place]);
            known.remove(ids[place]);
            if (handles[place] != NOTHING) {
                versions.release(handles[place]);
            }
        }
        ids[place] = id;
        handles[place] = handle;
        kept.put(id, place);
    }
}
