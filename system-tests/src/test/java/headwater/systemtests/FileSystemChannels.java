// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.capture.BlindSpot;
import java.util.ArrayList;
import java.util.List;

/** From file to file in ways that a file system, a mount or a device has part in. Mounts are private to the scenario. */
final class FileSystemChannels {
    private FileSystemChannels() {
    }

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        all.add(Scenario.of("storage-direct", "O_DIRECT", "whole blocks, past the page cache", """
                truncate -s 4096 source
                storage direct source sink
                """).from("sink", "source"));
        all.add(stored("hole", "a sparse file, SEEK_DATA", "the secret lies behind a hole"));
        all.add(stored("sealed", "memfd_create(2), F_SEAL_WRITE", "a sealed file in memory, copied by way of /proc/PID/fd"));
        all.add(stored("reopened", "/proc/PID/fd/N", "a deleted file, opened anew and written by another process"));
        all.add(stored("collapse", "fallocate(2), FALLOC_FL_COLLAPSE_RANGE", "the secret moves within its file"));
        all.add(stored("child-map", "mmap(2), MAP_SHARED, msync(2)", "stored by a child in its parent's mapping"));
        all.add(mounted("bind", "mount(2), MS_BIND", "written under one path, read under the other", """
                mkdir one two
                mount --bind one two
                cp source one/file
                cat two/file >sink
                cp other two/other
                """).notFrom("sink", "other"));
        for (String type : List.of("tmpfs", "ramfs")) {
            all.add(mounted(type, type, "by way of a file in memory", """
                    mkdir memory
                    mount -t %s none memory
                    cp source memory/file
                    cp other memory/other
                    cat memory/file >sink
                    """.formatted(type)).notFrom("sink", "other"));
        }
        all.add(overlay("copy-up", "a file of the layer below is copied up, and appended to", """
                cat other >>merged/file
                cat merged/file >sink
                """).from("sink", "other"));
        all.add(overlay("read", "a file of the layer below is read by way of the overlay", """
                cat merged/file >sink
                cat merged/second >third
                """).notFrom("sink", "other").from("third", "other"));
        all.add(overlay("below", "written by way of the overlay, read in the upper layer", """
                cp source merged/new
                cat up/new >sink
                """).notFrom("sink", "other"));
        all.add(overlay("rename", "renamed on the overlay", """
                cp source merged/old
                mv merged/old merged/new
                cat merged/new >sink
                """).notFrom("sink", "other"));
        all.add(mounted("reflink", "ioctl(2), FICLONE, FICLONERANGE", "a file shares another's blocks", btrfs("""
                cp source pool/source
                storage clone pool/source pool/first
                storage clone-range pool/source pool/second
                cat pool/first >sink
                cat pool/second >third
                cp --reflink=always pool/first pool/fourth
                cat pool/fourth >fifth
                """)).from("third", "source").from("fifth", "source").notFrom("sink", "other"));
        all.add(mounted("fuse", "FUSE, served", "a process serves what another reads", fuse("""
                cat folder/file >sink
                """)).notFrom("sink", "other"));
        all.add(mountedFrom("other", "fuse-written", "FUSE, written to", "a process is given what another writes", fuse("""
                cat other >>folder/file
                """) + "cat received >sink\n").notFrom("sink", "source"));
        all.add(Scenario.of("device-nodes", "mknod(2) of a block device", "written by one node, read by another", """
                modprobe -q loop || true
                [ -e /dev/loop-control ] || { echo "this kernel has no loop devices"; exit 77; }
                truncate -s 1M image
                device=$(losetup -f --show image)
                mknod node b $(stat -c '0x%t 0x%T' "$device")
                cat source >"$device"
                head -c 20 node >sink
                losetup -d "$device"
                """).from("sink", "source").notFrom("sink", "other"));
        all.add(mounted("image-read", "a loop device's image, read", "what lies in a file of the image is in the image", image("""
                mount -o loop image folder
                cp source folder/file
                umount folder
                cat image >sink
                """)).unseen(BlindSpot.BLOCK_DEVICES));
        all.add(mounted("image-written", "a loop device's image, written", "what lies in the image is in its files", """
                modprobe -q loop || true
                [ -e /dev/loop-control ] || { echo "this kernel has no loop devices"; exit 77; }
                mkdir folder content
                cp source content/file
                truncate -s 16M image
                mkfs.ext4 -q -F -d content image
                mount -o loop image folder
                cat folder/file >sink
                """).unseen(BlindSpot.BLOCK_DEVICES));
        all.add(Scenario.of("terminal-typed", "ioctl(2), TIOCSTI", "a child types for its parent", "terminal typed source sink\n")
                .from("sink", "source"));
        all.add(Scenario.of("terminal-size", "ioctl(2), TIOCSWINSZ, TIOCGWINSZ", "the size of a window tells",
                "terminal size source sink\n").from("sink", "source"));
        all.add(Scenario.of("terminal-settings", "ioctl(2), TCSETS, TCGETS", "the settings of a terminal tell",
                "terminal settings source sink\n").from("sink", "source"));
        return all;
    }

    private static Scenario stored(String mode, String channel, String what) {
        return Scenario.of("storage-" + mode, channel, what, "storage " + mode + " source sink\ncat other >other.out\n")
                .from("sink", "source").notFrom("sink", "other").notFrom("other.out", "source");
    }

    private static String fuse(String script) {
        return """
                [ -e /dev/fuse ] || modprobe -q fuse || { echo "this kernel has no FUSE"; exit 77; }
                mkdir folder
                fused source folder received &
                server=$!
                until [ -e folder/file ]; do kill -0 $server; sleep 0.05; done
                """ + script + """
                umount folder
                wait $server
                """;
    }

    private static String image(String script) {
        return """
                modprobe -q loop || true
                [ -e /dev/loop-control ] || { echo "this kernel has no loop devices"; exit 77; }
                mkdir folder
                truncate -s 16M image
                mkfs.ext4 -q -F image
                """ + script;
    }

    private static String btrfs(String script) {
        return """
                modprobe -q loop || true
                modprobe -q btrfs || true
                [ -e /dev/loop-control ] && grep -q btrfs /proc/filesystems || { echo "this kernel has no btrfs on loop devices"; exit 77; }
                command -v mkfs.btrfs >/dev/null || { echo "no mkfs.btrfs: apt-get install btrfs-progs"; exit 77; }
                mkdir pool
                truncate -s 128M image
                mkfs.btrfs -q image
                mount -o loop image pool
                """ + script;
    }

    private static Scenario overlay(String name, String what, String script) {
        return mounted("overlay-" + name, "overlayfs", what, """
                grep -q overlay /proc/filesystems || modprobe -q overlay || { echo "this kernel has no overlayfs"; exit 77; }
                mkdir low up work merged
                cp source low/file
                cp other low/second
                mount -t overlay none -o lowerdir=low,upperdir=up,workdir=work merged
                """ + script);
    }

    /** The script runs in a mount name space of its own. */
    private static Scenario mounted(String name, String channel, String what, String script) {
        return mountedFrom("source", name, channel, what, script);
    }

    private static Scenario mountedFrom(String from, String name, String channel, String what, String script) {
        return Scenario.of("mount-" + name, channel, what, "cat >script <<'end'\n" + script + "end\n"
                + "unshare -m --propagation private sh -e script\n").from("sink", from);
    }
}
