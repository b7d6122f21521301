// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.util.HashMap;
import java.util.Map;

/**
 * The system calls that are drawn, by their numbers in each architecture's own table; those that ausearch -i shows by
 * name.
 */
final class AuditCalls {
    private static final Map<String, Map<Integer, String>> TABLES = new HashMap<>();

    static {
        TABLES.put("c000003e",
                table("open 2 creat 85 openat 257 openat2 437 execve 59 execveat 322 fork 57 vfork 58 clone 56 clone3 435"
                + " rename 82 renameat 264 renameat2 316 link 86 linkat 265 symlink 88 symlinkat 266 unlink 87 unlinkat 263 mkdir 83"
                + " mkdirat 258 rmdir 84 mknod 133 mknodat 259 truncate 76 connect 42 bind 49 accept 43 accept4 288 sendto 44 recvfrom 45"
                + " sendmsg 46 recvmsg 47 chmod 90 fchmodat 268 chown 92 lchown 94 fchownat 260 setxattr 188 exit 60 exit_group 231"));
        TABLES.put("40000003",
                table("open 5 creat 8 openat 295 openat2 437 execve 11 execveat 358 fork 2 vfork 190 clone 120 clone3 435"
                + " rename 38 renameat 302 renameat2 353 link 9 linkat 303 symlink 83 symlinkat 304 unlink 10 unlinkat 301 mkdir 39"
                + " mkdirat 296 rmdir 40 mknod 14 mknodat 297 truncate 92 connect 362 bind 361 accept4 364 sendto 369 recvfrom 371"
                + " sendmsg 370 recvmsg 372 chmod 15 fchmodat 306 chown 182 lchown 16 fchownat 298 exit 1 exit_group 252"));
        TABLES.put("c00000b7",
                table("openat 56 openat2 437 execve 221 execveat 281 clone 220 clone3 435 renameat 38 renameat2 276"
                + " linkat 37 symlinkat 36 unlinkat 35 mkdirat 34 mknodat 33 truncate 45 connect 203 bind 200 accept 202 accept4 242"
                + " sendto 206 recvfrom 207 sendmsg 211 recvmsg 212 fchmodat 53 fchownat 54 setxattr 5 exit 93 exit_group 94"));
    }

    private AuditCalls() {
    }

    private static Map<Integer, String> table(String text) {
        Map<Integer, String> table = new HashMap<>();
        String[] words = text.split(" ");
        for (int i = 0; i < words.length; i += 2) {
            table.put(Integer.parseInt(words[i + 1]), words[i]);
        }
        return table;
    }

    /**
     * The call's name; the number as it stands if it is not one that is drawn, or of an architecture that is not known.
     */
    static String name(String arch, String call) {
        if (call == null) {
            return "";
        }
        Map<Integer, String> table = TABLES.get(arch == null ? "" : arch);
        return table == null || !call.matches("[0-9]{1,5}") ? call : table.getOrDefault(Integer.parseInt(call), call);
    }
}
