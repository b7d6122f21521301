// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.InodeKey;
import headwater.model.NodeKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatFinderTest {
    private static final FileNow.Lookup NOTHING = path -> new FileNow(path, path, false, false, 0, 0);

    private final Scene scene = Scene.pipeline();

    private Start find(String what, FileNow.Lookup lookup) throws NothingFoundException {
        return new WhatFinder(scene.graph(), lookup).find(What.parse(what));
    }

    private Start find(String what) throws NothingFoundException {
        return find(what, NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pid:", "pid:x", "pid:-1", "pid:99999999999", "tcp:host", "tcp:1.2.3.4:70000",
            "tcp:::1:80",
            "udp:[::1]", "hw:", "hw:1@", "hw:x", "hw:9999999999999999999", "/a\\x00b"})
    void shouldRefuseWhatIsOfNoKnownForm(String what) {
        What.WrongWhatException e = assertThrows(What.WrongWhatException.class, () -> What.parse(what));
        assertTrue(what.isEmpty() || e.getMessage().contains("what="), e.getMessage());
    }

    @Test
    void shouldTakeOrRefuseWhateverIsTyped() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] parts = {"pid:", "tcp:", "udp:", "hw:", "@", ":", "[", "]", "1", "99999999999999999999", "\\x", "ff",
                "/", "é",
            "\0", "::1", "a", "-1", "\ud800"};
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(6); j >= 0; j--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                assertEquals(text.toString(), What.parse(text.toString()).text());
                taken++;
            } catch (What.WrongWhatException e) {
                assertTrue(e.getMessage().chars().noneMatch(Character::isISOControl), "seed=" + seed);
            }
        }
        assertTrue(taken > 1000, "seed=" + seed);
    }

    @Test
    void shouldReadEachForm() {
        assertEquals(new What.Pid("pid:12", 12), What.parse("pid:12"));
        assertEquals(new What.Address("tcp:1.2.3.4:80", 6, "1.2.3.4", 80), What.parse("tcp:1.2.3.4:80"));
        assertEquals(new What.Address("udp:[2001:DB8::1]:53", 17, "2001:db8::1", 53),
                What.parse("udp:[2001:DB8::1]:53"));
        assertEquals(new What.Id("hw:41", 41, -1), What.parse("hw:41"));
        assertEquals(new What.Id("hw:41@3", 41, 3), What.parse("hw:41@3"));
        What.FilePath path = (What.FilePath) What.parse("/a\\xff@7");
        assertArrayEquals(new byte[] {'/', 'a', (byte) 0xff}, path.pathBeforeAt());
        assertEquals(7, path.version());
    }

    @Test
    void shouldTurnAnyBytesIntoTextAndBack() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(12)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = random.nextInt(3) == 0 ? "\\x5cé€".getBytes(StandardCharsets.UTF_8)[random.nextInt(9)]
                        : (byte) random.nextInt(256);
            }
            assertArrayEquals(bytes, Escapes.toBytes(Escapes.toText(bytes)), "seed=" + seed);
            String line = Escapes.toLine(bytes);
            assertArrayEquals(bytes, Escapes.toBytes(line), "seed=" + seed);
            assertTrue(line.chars().noneMatch(Character::isISOControl), "seed=" + seed);
        }
        assertEquals("a\\x0ab\\xffé", Escapes.toLine(new byte[] {'a', '\n', 'b', (byte) 0xff, (byte) 0xc3,
                (byte) 0xa9}));
    }

    @Test
    void shouldFindAllVersionsOrTheOne() throws NothingFoundException {
        long file = scene.file("/tmp/p.gz");
        scene.read(101, "/tmp/p.gz").write(103, "/tmp/p.gz");
        assertArrayEquals(scene.graph().versions(file), find("/tmp/p.gz").nodes());
        assertArrayEquals(new long[] {scene.graph().versions(file)[1]}, find("/tmp/p.gz@1").nodes());
        assertArrayEquals(new long[] {scene.graph().versions(file)[1]}, find("hw:" + file + "@1").nodes());
        NothingFoundException e = assertThrows(NothingFoundException.class, () -> find("/tmp/p.gz@9"));
        assertEquals("no such version: what=/tmp/p.gz@9, version=9, versions=0 to 1", e.getMessage());
    }

    @Test
    void shouldTakeTheObjectThatThePathNamesNow() throws NothingFoundException {
        long old = scene.file("/tmp/x");
        scene.delete("/tmp/x");
        long fresh = scene.file("/tmp/x");
        InodeKey key = InodeKey.ofBytes(scene.graph().attributes(fresh).bytes(Attribute.INODE_KEY));
        long dev = scene.graph().attributes(fresh).number(Attribute.DEV, -1);
        FileNow.Lookup now = path -> new FileNow(path, path, true, false, dev, key.ino());
        assertEquals(List.of(fresh), find("/tmp/x", now).objects());
        Start both = find("/tmp/x");
        assertEquals(List.of(fresh, old), both.objects());
        assertEquals("2 objects have had the name /tmp/x, newest first: hw:" + fresh + ", hw:" + old
                + "; the answer is of all of them", both.notes().getFirst());
    }

    @Test
    void shouldFindAFileByItsFormerNameAndByItsNewOne() throws NothingFoundException {
        long file = scene.file("/tmp/p.gz");
        scene.rename("/tmp/p.gz", "/srv/q.gz");
        assertEquals(List.of(file), find("/tmp/p.gz").objects());
        assertEquals(List.of(file), find("/srv/q.gz").objects());
        scene.delete("/srv/q.gz");
        assertEquals(List.of(file), find("/srv/q.gz").objects());
    }

    @Test
    void shouldFindByNameWhereTheDeviceDiffers() throws NothingFoundException {
        Start start = find("/tmp/p.gz", path -> new FileNow(path, path, true, false, 77, 99));
        assertEquals(List.of(scene.file("/tmp/p.gz")), start.objects());
        assertEquals("found by its name: the inode that /tmp/p.gz has now is not in the record",
                start.notes().getFirst());
    }

    @Test
    void shouldNotTakeAProcessForAFile() throws NothingFoundException {
        assertEquals(List.of(scene.file("/usr/bin/sort")), find("/usr/bin/sort").objects());
    }

    @Test
    void shouldFindProcessesByIdAndAddressesByProtocol() throws NothingFoundException {
        long socket = scene.connect(103, "10.0.0.5:40000", "93.184.216.34:443");
        assertTrue(find("pid:102").objects().containsAll(List.of(scene.task(102), scene.memory(102))));
        assertTrue(find("tcp:93.184.216.34:443").objects().contains(socket));
        assertThrows(NothingFoundException.class, () -> find("pid:4"));
        assertTrue(find("udp:93.184.216.34:443").objects().stream()
                .allMatch(o -> scene.graph().kind(o) == NodeKind.ADDRESS));
        scene.number(socket, Attribute.FAMILY, 10).text(socket, Attribute.REMOTE_ADDRESS, "[2001:db8::1]:80");
        assertEquals(List.of(socket), find("tcp:[2001:0DB8:0:0:0:0:0:1]:80").objects());
    }

    @Test
    void shouldSayWhatWasLookedForWhenThereIsNothing() {
        NothingFoundException e = assertThrows(NothingFoundException.class, () -> find("/no/such"));
        assertTrue(e.getMessage().startsWith("the record has nothing named /no/such. No such file exists now"),
                e.getMessage());
        e = assertThrows(NothingFoundException.class, () -> find("hw:99999"));
        assertEquals("no such object: what=hw:99999, objects=" + scene.graph().objects(), e.getMessage());
    }

    @Test
    void shouldResolveLinksOnThisMachine(@TempDir Path folder) throws IOException, NothingFoundException {
        Path real = folder.toRealPath();
        Path file = Files.writeString(real.resolve("x"), "x");
        Path link = Files.createSymbolicLink(real.resolve("l"), file);
        long object = scene.file(file.toString());
        scene.number(object, Attribute.INO, (Long) Files.getAttribute(file, "unix:ino"));
        scene.number(object, Attribute.DEV, FileNow.kernelDevice((Long) Files.getAttribute(file, "unix:dev")));
        Start start = find(link.toString(), FileNow::onThisMachine);
        assertEquals(List.of(object), start.objects());
        assertEquals(List.of(link + " is a symbolic link to " + file), start.notes());
        assertEquals(file.toString(), start.title());
    }

    @Test
    void shouldSpellDevicesAsTheKernelDoes() {
        assertEquals(8 << 20 | 1, FileNow.kernelDevice(0x801));
        // makedev(259, 0x12345) of glibc.
        long glibc = 0x45L | 259L << 8 & 0xfff00 | 0x12300L << 12;
        assertEquals(259L << 20 | 0x12345, FileNow.kernelDevice(glibc));
    }

    @Test
    void shouldWriteIpv6AsRfc5952Wants() throws java.net.UnknownHostException {
        for (String text : List.of("::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1", "fe80::1:0:0:1",
                "1:2:3:4:5:6:7:8")) {
            assertEquals(text, Inet6Text.of(java.net.InetAddress.ofLiteral(text).getAddress()));
        }
        assertEquals("1::5:0:0:8", Inet6Text.of(java.net.InetAddress.ofLiteral("1:0:0:0:5:0:0:8").getAddress()));
    }
}
