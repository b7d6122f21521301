// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/** Asks the machine what no record tells of a task. Called by the thread that builds the graph, once for each process. */
public interface TaskProbe {
    /** Knows nothing: for records that are read again later, or on another machine. */
    TaskProbe NONE = new TaskProbe() {
        @Override
        public String cgroup(long id, int tgid) {
            return null;
        }

        @Override
        public String securityContext(int tgid) {
            return null;
        }

        @Override
        public long nowNs() {
            return 0;
        }
    };

    /**
     * The path of a cgroup in the unified hierarchy, one byte to a char.
     *
     * @param id of the cgroup, as bpf_get_current_cgroup_id says it
     * @param tgid a process that was in it a moment ago
     * @return null if it is gone, or not to be seen from here
     */
    String cgroup(long id, int tgid);

    /**
     * The security context (label) of a process at this moment, one byte to a char.
     *
     * @return null if it is gone, or if no active security module gives labels
     */
    String securityContext(int tgid);

    /** The time now, on the clock of the graph: nanoseconds since the Unix epoch. */
    long nowNs();
}
