// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.FileNow;
import headwater.query.Labels;
import headwater.query.Lineage;
import headwater.query.Limits;
import headwater.query.NothingFoundException;
import headwater.query.What;
import headwater.query.WhatFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audit logs of our own making, by the kernel's documented formats. */
class AuditImportTest {
    /**
     * sh forks 200, which executes cat, reads /etc/passwd, writes "/tmp/a b" (in hexadecimal), and connects; events
     * overlap.
     */
    private static final String RAW = """
            type=SYSCALL msg=audit(1700000000.100:10): arch=c000003e syscall=56 success=yes exit=200 a0=1200011 a1=0 a2=0 a3=7f items=0 ppid=50 \
            pid=100 auid=1000 uid=1000 gid=1000 euid=1000 suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 tty=pts0 ses=3 comm="sh" \
            exe="/usr/bin/dash" subj=unconfined key="all"\u001dARCH=x86_64 SYSCALL=clone AUID="user" UID="user"
            type=PROCTITLE msg=audit(1700000000.100:10): proctitle="sh"
            type=SYSCALL msg=audit(1700000000.200:11): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=2 ppid=100 pid=200 \
            auid=1000 uid=1000 gid=1000 euid=1000 egid=1000 tty=pts0 ses=3 comm="cat" exe="/usr/bin/cat" key=(null)
            type=EXECVE msg=audit(1700000000.200:11): argc=3 a0="cat" a1=2F6574632F706173737764 a2_len=4 a2[0]=6161 a2[1]=6262
            type=CWD msg=audit(1700000000.200:11): cwd="/home/user"
            type=PATH msg=audit(1700000000.200:11): item=0 name="/usr/bin/cat" inode=80 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
            type=SYSCALL msg=audit(1700000000.300:12): arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7f a2=80000 a3=0 items=1 ppid=100 \
            pid=200 auid=1000 uid=1000 gid=1000 euid=1000 egid=1000 tty=pts0 ses=3 comm="cat" exe="/usr/bin/cat" key=(null)
            type=PROCTITLE msg=audit(1700000000.200:11): proctitle=636174002F6574632F706173737764
            type=CWD msg=audit(1700000000.300:12): cwd="/etc"
            type=PATH msg=audit(1700000000.300:12): item=0 name="passwd" inode=90 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL
            type=PROCTITLE msg=audit(1700000000.300:12): proctitle="cat"
            type=SYSCALL msg=audit(1700000000.400:13): arch=c000003e syscall=2 success=yes exit=4 a0=7f a1=241 a2=1b6 a3=0 items=2 ppid=100 pid=200 \
            auid=1000 uid=1000 gid=1000 euid=1000 egid=1000 tty=pts0 ses=3 comm="cat" exe="/usr/bin/cat" key=(null)
            type=PATH msg=audit(1700000000.400:13): item=0 name="/tmp/" inode=2 dev=08:01 mode=041777 ouid=0 ogid=0 rdev=00:00 nametype=PARENT
            type=PATH msg=audit(1700000000.400:13): item=1 name=2F746D702F612062 inode=91 dev=08:01 mode=0100644 ouid=1000 ogid=1000 nametype=CREATE
            type=EOE msg=audit(1700000000.400:13):
            type=SYSCALL msg=audit(1700000000.500:14): arch=c000003e syscall=42 success=yes exit=0 a0=3 a1=7f a2=10 a3=0 items=0 ppid=100 pid=200 \
            auid=1000 uid=1000 gid=1000 euid=1000 egid=1000 comm="cat" exe="/usr/bin/cat" key=(null)
            type=SOCKADDR msg=audit(1700000000.500:14): saddr=02000050ACD915AE0000000000000000
            type=PROCTITLE msg=audit(1700000000.500:14): proctitle="cat"
            type=SYSCALL msg=audit(1700000000.600:15): arch=c000003e syscall=2 success=no exit=-13 a0=7f a1=0 a2=0 a3=0 items=1 ppid=100 pid=200 \
            uid=1000 gid=1000 euid=1000 egid=1000 comm="cat" exe="/usr/bin/cat" key=(null)
            type=PATH msg=audit(1700000000.600:15): item=0 name="/etc/shadow" inode=92 dev=08:01 mode=0100640 nametype=NORMAL
            type=PROCTITLE msg=audit(1700000000.600:15): proctitle="cat"
            type=SYSCALL msg=audit(1700000000.700:16): arch=c000003e syscall=231 success=yes exit=0 a0=0 items=0 ppid=100 pid=200 comm="cat" exe="/usr/bin/cat"
            type=EOE msg=audit(1700000000.700:16):
            type=USER_LOGIN msg=audit(1700000000.800:17): pid=700 uid=0 auid=1000 ses=3 msg='op=login id=1000 exe="/usr/sbin/sshd" res=success'
            """;

    private static final String INTERPRETED = """
            ----
            type=PROCTITLE msg=audit(11/14/2023 22:13:20.300:12) : proctitle=vim a=b /etc/passwd
            ----
            type=PATH msg=audit(11/14/2023 22:13:21.300:13) : item=0 name=/tmp/with space inode=93 dev=08:01 mode=file,644 ouid=root ogid=root nametype=NORMAL
            type=CWD msg=audit(11/14/2023 22:13:21.300:13) : cwd=/root
            type=SYSCALL msg=audit(11/14/2023 22:13:21.300:13) : arch=x86_64 syscall=openat success=yes exit=3 a0=AT_FDCWD a1=0x7ffd a2=O_RDWR|O_CREAT \
            a3=0x1b6 items=1 ppid=4 pid=5 auid=user uid=root gid=root comm=vim exe=/usr/bin/vim key=(null)
            type=SOCKADDR msg=audit(11/14/2023 22:13:22.300:14) : saddr={ saddr_fam=inet6 laddr=2001:db8::1 lport=443 }
            type=SYSCALL msg=audit(11/14/2023 22:13:22.300:14) : arch=x86_64 syscall=connect success=yes exit=0 a0=0x3 items=0 ppid=4 pid=5 comm=vim exe=/usr/bin/vim
            """;

    @TempDir
    private Path folder;

    private static Set<String> ancestors(Imported imported, String what) throws NothingFoundException {
        WhatFinder finder = new WhatFinder(imported.view, path -> new FileNow(path, path, false, false, 0, 0));
        Set<String> labels = new HashSet<>();
        Labels of = new Labels(imported.view);
        for (long node : Lineage.ancestors(imported.view, what, finder.find(What.parse(what)), Limits.NONE).nodes()) {
            labels.add(imported.view.kind(imported.view.object(node)).text() + " " + of.of(imported.view.object(node)));
        }
        return labels;
    }

    private static long edges(Imported imported, Relation relation) {
        long count = 0;
        for (long edge = 0; edge < imported.view.edges(); edge++) {
            count += imported.view.edge(edge).relation() == relation ? 1 : 0;
        }
        return count;
    }

    @Test
    void shouldDrawARawLog() throws IOException, NothingFoundException {
        try (Imported imported = Imported.of(folder, RAW)) {
            assertEquals(ImportFormat.AUDIT, imported.format);
            assertEquals(java.util.List.of(), imported.faults);
            Set<String> found = ancestors(imported, "/tmp/a b");
            assertTrue(found.containsAll(Set.of("file /etc/passwd", "file /usr/bin/cat", "argv cat", "argv /etc/passwd",
                    "argv aabb",
                    "process_memory cat /etc/passwd aabb [200]")), found::toString);
            assertFalse(found.contains("file /etc/shadow"), found::toString);
            // Nothing says that bytes were read or written: only opened.
            assertEquals(0, edges(imported, Relation.READ) + edges(imported, Relation.WRITE));
            assertEquals(1, edges(imported, Relation.USED));
            assertEquals(1, edges(imported, Relation.INODE_CREATE));
            assertEquals(1, edges(imported, Relation.CONNECT));
            assertEquals(1, edges(imported, Relation.CLONE));
            assertEquals(1, edges(imported, Relation.EXEC));
            assertEquals(1, imported.view.find(Attribute.REMOTE_ADDRESS, "172.217.21.174:80".getBytes()).length);
            // What is not drawn is kept: the call that failed and the login.
            assertEquals(2, java.util.stream.LongStream.range(0, imported.view.objects())
                    .filter(o -> imported.view.kind(o) == NodeKind.STRING)
                    .count());
            assertEquals(1_700_000_000_400_000_000L, imported.view.timeNs(imported.view.versions(
                    imported.view.find(Attribute.NAME, "/tmp/a b".getBytes())[0])[0]));
        }
    }

    @Test
    void shouldDrawWhatAusearchInterprets() throws IOException, NothingFoundException {
        try (Imported imported = Imported.of(folder, INTERPRETED)) {
            assertEquals(java.util.List.of(), imported.faults);
            assertTrue(ancestors(imported, "/tmp/with space").contains("task /usr/bin/vim [5]"));
            assertEquals(1, edges(imported, Relation.USED));
            assertEquals(1, imported.view.find(Attribute.REMOTE_ADDRESS, "[2001:db8::1]:443".getBytes()).length);
        }
    }

    @Test
    void shouldTellProcessesOfOneNumberApart() throws IOException, NothingFoundException {
        String again = RAW.replace("audit(17000000", "audit(17000009").lines()
                .filter(line -> line.contains(":10)") || line.contains(":13)"))
                .collect(java.util.stream.Collectors.joining("\n"));
        again = again.replace("2F746D702F612062", "\"/tmp/second\"").replace("inode=91", "inode=99");
        try (Imported imported = Imported.of(folder, RAW + again + "\n")) {
            assertEquals(2, Arrays.stream(imported.view.find(Attribute.PID, 200))
                    .filter(o -> imported.view.kind(o) == NodeKind.TASK).count());
            // The second 200 has read nothing.
            assertFalse(ancestors(imported, "/tmp/second").contains("file /etc/passwd"));
            assertTrue(ancestors(imported, "/tmp/a b").contains("file /etc/passwd"));
        }
    }

    @Test
    void shouldNameBadLines() throws IOException {
        try (Imported imported = Imported.of(folder, RAW + "garbage\ntype=SYSCALL msg=audit(x:1): a=b\n")) {
            assertEquals(2, imported.figures.bad());
            assertTrue(imported.faults.getFirst().startsWith("test: line " + (RAW.lines().count() + 1) + ":"),
                    imported.faults::toString);
            assertEquals(2, imported.view.gaps().getFirst().count());
        }
    }

    @Test
    void shouldKnowTheCallsOfEachArchitecture() {
        for (String[] one : new String[][] {{"c000003e", "257"}, {"40000003", "295"}, {"c00000b7", "56"}}) {
            assertEquals("openat", AuditCalls.name(one[0], one[1]));
        }
        assertEquals("257", AuditCalls.name("c00000b7", "257"));
        assertEquals("openat", AuditCalls.name("x86_64", "openat"));
        assertArrayEquals(new String[] {"1", "/run/systemd/private"},
                AuditAddress.of("01002F72756E2F73797374656D642F70726976617465"));
        assertArrayEquals(new String[] {"10", "[0:0:0:0:0:0:0:1]:80"},
                AuditAddress.of("0A00005000000000" + "0".repeat(31) + "1" + "00000000"));
    }
}
