// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Answer;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.Scene;
import headwater.query.Start;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PictureTest {
    private final Scene scene = Scene.pipeline();

    private Answer ancestors(String file) {
        long object = scene.file(file);
        Start start = new Start(file, List.of(object), scene.graph().versions(object), List.of());
        return Lineage.ancestors(scene.graph(), file, start, Limits.NONE);
    }

    private static Set<String> names(Picture picture) {
        Set<String> names = new TreeSet<>();
        picture.figures().forEach(figure -> names.add(figure.name()));
        return names;
    }

    private static String arrows(Picture picture) {
        Set<String> arrows = new TreeSet<>();
        for (Arrow arrow : picture.arrows()) {
            arrows.add(picture.figures().get(arrow.from()).title() + " -" + arrow.label() + "-> "
                    + picture.figures().get(arrow.to()).title());
        }
        return String.join("\n", arrows);
    }

    @Test
    void shouldDrawThePipelineAsAPersonWould() {
        assertEquals("""
                3 libraries -mmap-> gzip
                3 libraries -mmap-> sh -c 'sort /etc/passwd | gzip > /tmp/p.gz'
                3 libraries -mmap-> sort /etc/passwd
                3 programs -exec-> gzip
                3 programs -exec-> sh -c 'sort /etc/passwd | gzip > /tmp/p.gz'
                3 programs -exec-> sort /etc/passwd
                gzip -write-> p.gz
                passwd -read-> sort /etc/passwd
                pipe -read-> gzip
                sh -c 'sort /etc/passwd | gzip > /tmp/p.gz' -clone-> gzip
                sh -c 'sort /etc/passwd | gzip > /tmp/p.gz' -clone-> sort /etc/passwd
                sort /etc/passwd -write-> pipe""", arrows(PictureBuilder.of(ancestors("/tmp/p.gz"), true, 40)));
    }

    @Test
    void shouldShowEachFileWhenNotFolding() {
        Picture picture = PictureBuilder.of(ancestors("/tmp/p.gz"), false, Integer.MAX_VALUE);
        assertTrue(names(picture).containsAll(Set.of("/usr/bin/sort", "/usr/lib/x86_64-linux-gnu/libc.so.6",
                "/etc/ld.so.cache", "/etc/passwd", "/tmp/p.gz")), () -> names(picture).toString());
        assertTrue(picture.figures().stream().allMatch(figure -> figure.members() == 1));
    }

    @Test
    void shouldFoldWhatPlaysTheSamePart() {
        scene.exec(200, "/usr/bin/make", "make");
        for (int i = 0; i < 50; i++) {
            scene.fork(200, 300 + i).exec(300 + i, "/usr/bin/cc1", "cc1", "m" + i + ".c");
            scene.read(300 + i, "/src/m" + i + ".c").write(300 + i, "/obj/m" + i + ".o");
        }
        scene.fork(200, 999).exec(999, "/usr/bin/ld", "ld");
        for (int i = 0; i < 50; i++) {
            scene.read(999, "/obj/m" + i + ".o");
        }
        scene.write(999, "/out/a");
        Picture picture = PictureBuilder.of(ancestors("/out/a"), true, 40);
        assertTrue(names(picture).containsAll(Set.of("47 more in /src", "47 more in /obj", "47 more cc1", "/src/m0.c",
                "/obj/m2.o", "cc1 m1.c [301]")), () -> names(picture).toString());
        assertTrue(arrows(picture).contains("47 more cc1 -write-> 47 more"), arrows(picture));
        assertEquals(0, picture.hidden());
        int members = picture.figures().stream().filter(f ->
                f.shape() == Figure.Shape.PROCESS).mapToInt(Figure::members).sum();
        assertEquals(52, members);
    }

    @Test
    void shouldNeverTakeAWrittenFileForAPartOfTheSystem() {
        scene.exec(200, "/tmp/evil", "evil").write(200, "/usr/bin/sshd").write(200, "/usr/lib/libpam.so.0");
        scene.exec(201, "/usr/bin/sshd", "sshd").map(201, "/usr/lib/libpam.so.0").write(201, "/out/b");
        assertTrue(names(PictureBuilder.of(ancestors("/out/b"), true, 40)).containsAll(
                Set.of("/usr/bin/sshd", "/usr/lib/libpam.so.0", "/tmp/evil")));
    }

    @Test
    void shouldKeepTheNearestAndCountTheRest() {
        Picture all = PictureBuilder.of(ancestors("/tmp/p.gz"), true, 40);
        Picture few = PictureBuilder.of(ancestors("/tmp/p.gz"), true, 3);
        assertEquals(3, few.figures().size());
        assertTrue(names(few).containsAll(Set.of("/tmp/p.gz", "gzip [103]")), () -> names(few).toString());
        int members = all.figures().stream().mapToInt(Figure::members).sum();
        assertEquals(members, few.figures().stream().mapToInt(Figure::members).sum() + few.hidden());
    }

    @Test
    void shouldLeaveOutWhatWasOnlyLookedAt() {
        scene.read(103, scene.file("/etc/shadow"), Relation.GETATTR).write(103, "/tmp/p.gz");
        Picture picture = PictureBuilder.of(ancestors("/tmp/p.gz"), true, 40);
        assertFalse(names(picture).contains("/etc/shadow"));
        assertEquals(1, picture.lookedAt());
        assertTrue(names(PictureBuilder.of(ancestors("/tmp/p.gz"), false, 400)).contains("/etc/shadow"));
    }

    @Test
    void shouldNotJoinTwoProcessesThatHadTheSameId() {
        scene.exec(500, "/usr/bin/first", "first").write(500, "/tmp/one");
        long task = scene.object(NodeKind.TASK);
        scene.number(task, Attribute.PID, 500).number(task, Attribute.TGID, 500).text(task, Attribute.COMMAND,
                "second");
        scene.flow(Relation.READ, scene.file("/tmp/one"), task);
        scene.flow(Relation.WRITE, task, scene.file("/tmp/two"));
        Picture picture = PictureBuilder.of(ancestors("/tmp/two"), true, 40);
        assertTrue(names(picture).containsAll(Set.of("first [500]", "second [500]")), () -> names(picture).toString());
    }

    @Test
    void shouldJoinASocketWithItsAddress() {
        long socket = scene.connect(103, "10.0.0.5:40000", "93.184.216.34:443");
        scene.read(103, socket, Relation.RECEIVE_MSG).write(103, "/tmp/p.gz");
        Picture picture = PictureBuilder.of(ancestors("/tmp/p.gz"), true, 40);
        assertEquals(1, picture.figures().stream().filter(f -> f.shape() == Figure.Shape.SOCKET).count());
        assertTrue(names(picture).contains("tcp 10.0.0.5:40000 → 93.184.216.34:443"), () -> names(picture).toString());
        assertTrue(arrows(picture).contains("93.184.216.34:443 -receive-> gzip"), arrows(picture));
    }
}
