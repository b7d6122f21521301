// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Names of types that older releases of CamFlow had, and CamFlow 0.9.0 does not. */
final class HistoricNames {
    /**
     * What became of a name.
     *
     * @param until the first release without it
     * @param now the names that it has now; empty if there is none
     * @param exact true if {@code now} means what the old name meant; false if it means more, or if which of them depends on
     *         what was wanted
     * @param whole if one new name stands for several old ones: all of these; else empty
     */
    record Fate(String until, List<String> now, boolean exact, List<String> whole) {
    }

    static final Map<String, Fate> NODES = Map.of(
            "file_name", new Fate("0.4.2", List.of("path"), true, List.of()),
            "fifo", new Fate("0.4.2", List.of("pipe"), true, List.of()),
            "process", new Fate("0.4.2", List.of("process_memory"), true, List.of()),
            "mmaped_file", new Fate("0.5.0", List.of(), true, List.of()));

    static final Map<String, Fate> RELATIONS = relations();

    private HistoricNames() {
    }

    private static Map<String, Fate> relations() {
        Map<String, Fate> fates = new TreeMap<>();
        merged(fates, "perm_check", "perm_read", "perm_write", "perm_exec", "perm_append");
        merged(fates, "mmap", "mmap_read", "mmap_write", "mmap_exec");
        merged(fates, "mmap_private", "mmap_read_private", "mmap_write_private", "mmap_exec_private");
        merged(fates, "sh_create", "sh_create_read", "sh_create_write");
        merged(fates, "sh_attach", "sh_attach_read", "sh_attach_write");
        for (String gone : List.of("munmap", "shmdt", "splice_in")) {
            fates.put(gone, new Fate("0.9.0", List.of(), true, List.of()));
        }
        fates.put("named_process", new Fate("0.6.0", List.of(), true, List.of()));
        fates.put("closed", new Fate("0.4.2", List.of("free"), true, List.of()));
        fates.put("terminate", new Fate("0.4.2", List.of("terminate_task", "terminate_proc"), true, List.of()));
        fates.put("version", new Fate("0.3", List.of("version_entity", "version_activity"), true, List.of()));
        fates.put("create", new Fate("0.3", List.of("inode_create", "socket_create", "msg_create", "sh_create"), false, List.of()));
        fates.put("change", new Fate("0.3", List.of("setattr", "setuid", "setpgid"), false, List.of()));
        return fates;
    }

    private static void merged(Map<String, Fate> fates, String now, String... old) {
        for (String name : old) {
            fates.put(name, new Fate("0.8.0", List.of(now), false, List.of(old)));
        }
    }
}
