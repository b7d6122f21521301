// SPDX-License-Identifier: Apache-2.0
package headwater.store;

import headwater.store.log.SegmentFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files in which only what was synced is sure to outlive a power cut. The live files are what the kernel has; beside them
 * it remembers what the disk has. At the cut, of what was not synced each page of 4 KiB is on the disk or not, by chance;
 * a file has one of the lengths that it had since its last sync, with zeros where no page came; a name that was made,
 * changed or deleted since its folder was synced is as before or as after.
 */
final class PowerCutDisk implements SegmentFile.Opener {
    private static final int PAGE = 4096;

    /** The power is gone: thrown by the operation that it comes into, and by all after it. */
    static final class PowerCut extends RuntimeException {
    }

    private record Change(long at, byte[] bytes, long length) {
    }

    /** What the disk has of one file, and what it may have. */
    private static final class Inode {
        byte[] durable = new byte[0];
        final List<Change> changes = new ArrayList<>();
        long length;
    }

    private final Random random;
    private final Map<Path, Inode> live = new HashMap<>();
    private final Map<Path, Inode> durableNames = new HashMap<>();
    private final Set<Path> changedNames = new HashSet<>();
    private int operationsLeft;
    private boolean off;

    /** @param operations after so many the power goes; @param root of a store that was there before, and is durable */
    PowerCutDisk(Random random, int operations, Path root) throws IOException {
        this.random = random;
        this.operationsLeft = operations;
        if (Files.isDirectory(root)) {
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Inode inode = new Inode();
                    inode.durable = Files.readAllBytes(file);
                    inode.length = inode.durable.length;
                    live.put(file, inode);
                    durableNames.put(file, inode);
                }
            }
        }
    }

    boolean isOff() {
        return off;
    }

    /** True if the operation is the one into which the cut comes: it may have happened in part. */
    private boolean cutNow() {
        if (off) {
            throw new PowerCut();
        }
        off = --operationsLeft < 0;
        return off;
    }

    @Override
    public SegmentFile open(Path path, boolean create) throws IOException {
        if (create) {
            if (cutNow()) {
                throw new PowerCut();
            }
            live.put(path, new Inode());
            changedNames.add(path);
        }
        SegmentFile file = SegmentFile.Opener.FILES.open(path, create);
        Inode inode = live.computeIfAbsent(path, other -> new Inode());
        return new SegmentFile() {
            @Override
            public void write(ByteBuffer bytes, long position) throws IOException {
                boolean cut = cutNow();
                byte[] copy = new byte[bytes.remaining()];
                bytes.duplicate().get(copy);
                inode.length = Math.max(inode.length, position + copy.length);
                inode.changes.add(new Change(position, copy, inode.length));
                if (cut) {
                    throw new PowerCut();
                }
                file.write(bytes, position);
            }

            @Override
            public void truncate(long length) throws IOException {
                boolean cut = cutNow();
                if (length < inode.length) {
                    inode.length = length;
                    inode.changes.add(new Change(0, null, length));
                }
                if (cut) {
                    throw new PowerCut();
                }
                file.truncate(length);
            }

            @Override
            public void force(boolean metadata) throws IOException {
                if (cutNow()) {
                    throw new PowerCut();
                }
                inode.durable = whole(inode);
                inode.changes.clear();
            }

            @Override
            public void close() throws IOException {
                file.close();
            }
        };
    }

    @Override
    public void syncDirectory(Path directory) {
        if (cutNow()) {
            throw new PowerCut();
        }
        changedNames.removeIf(path -> {
            if (!path.getParent().equals(directory)) {
                return false;
            }
            settle(path);
            return true;
        });
    }

    @Override
    public void delete(Path path) throws IOException {
        boolean cut = cutNow();
        live.remove(path);
        changedNames.add(path);
        if (cut) {
            throw new PowerCut();
        }
        Files.deleteIfExists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        boolean cut = cutNow();
        live.put(to, live.remove(from));
        changedNames.add(from);
        changedNames.add(to);
        if (cut) {
            throw new PowerCut();
        }
        SegmentFile.Opener.FILES.rename(from, to);
    }

    private void settle(Path path) {
        if (live.containsKey(path)) {
            durableNames.put(path, live.get(path));
        } else {
            durableNames.remove(path);
        }
    }

    private static byte[] whole(Inode inode) {
        byte[] bytes = inode.durable;
        for (Change change : inode.changes) {
            bytes = Arrays.copyOf(bytes, (int) change.length);
            if (change.bytes != null) {
                System.arraycopy(change.bytes, 0, bytes, (int) change.at, change.bytes.length);
            }
        }
        return bytes;
    }

    /** What the disk has when the power is back, in place of the live files below {@code root}. */
    void restore(Path root) throws IOException {
        off = true;
        // A rename is one thing: a journal has both of its names or none.
        boolean all = random.nextInt(3) == 0;
        boolean none = random.nextInt(3) == 0;
        for (Path path : changedNames) {
            boolean renamed = path.getParent().getFileName().toString().equals("keys");
            if (all || !none && !renamed && random.nextBoolean()) {
                settle(path);
            }
        }
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!durableNames.containsKey(file) && !file.endsWith("LOCK") && !file.getParent().endsWith("index")) {
                    Files.delete(file);
                }
            }
        }
        for (Map.Entry<Path, Inode> entry : durableNames.entrySet()) {
            Path file = entry.getKey();
            if (Files.notExists(file)) {
                SegmentFile.Opener.FILES.open(file, true).close();
            }
            Files.write(file, afterCut(entry.getValue()));
        }
    }

    private byte[] afterCut(Inode inode) {
        byte[] bytes = inode.durable;
        int kept = random.nextInt(inode.changes.size() + 1);
        for (int i = 0; i < inode.changes.size(); i++) {
            Change change = inode.changes.get(i);
            if (i < kept) {
                bytes = Arrays.copyOf(bytes, (int) change.length);
            }
            if (change.bytes == null) {
                continue;
            }
            for (int at = 0; at < change.bytes.length;) {
                int pageEnd = PAGE - (int) ((change.at + at) % PAGE);
                int count = Math.min(pageEnd, change.bytes.length - at);
                int to = (int) change.at + at;
                // What lies behind the length that is kept is not seen.
                int seen = Math.min(count, bytes.length - to);
                if (seen > 0 && random.nextBoolean()) {
                    System.arraycopy(change.bytes, at, bytes, to, seen);
                }
                at += count;
            }
        }
        return bytes == inode.durable ? bytes.clone() : bytes;
    }
}
