// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.capture.kernel.KernelException;
import headwater.capture.kernel.Libc;
import headwater.record.LinesLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which logs the programs know: puts others in their place. A directory is known by what the kernel knows it by, whatever stat says. */
final class KernelLines {
    private static final long FACTOR = 0x9e3779b97f4a7c15L;

    private final BpfObject object;
    private Map<Key, Long> places = Map.of();
    private int generation;

    private record Key(long directory, int dev, String name) {
        MemorySegment segment(Arena arena) {
            MemorySegment key = arena.allocate(LinesLayout.PLACE_BYTES, 8);
            key.set(ValueLayout.JAVA_LONG, LinesLayout.PLACE_DIRECTORY, directory);
            key.set(ValueLayout.JAVA_INT, LinesLayout.PLACE_DEV, dev);
            key.set(ValueLayout.JAVA_INT, LinesLayout.PLACE_HASH, name.isEmpty() ? 0 : hash(bytes(name)));
            return key;
        }

        MemorySegment rules(Arena arena, long bits) {
            byte[] bytes = bytes(name);
            MemorySegment rules = arena.allocate(LinesLayout.RULES_BYTES, 8);
            rules.set(ValueLayout.JAVA_LONG, LinesLayout.RULES_RULES, bits);
            rules.set(ValueLayout.JAVA_INT, LinesLayout.RULES_LENGTH, bytes.length);
            MemorySegment.copy(bytes, 0, rules, ValueLayout.JAVA_BYTE, LinesLayout.RULES_NAME, bytes.length);
            return rules;
        }
    }

    KernelLines(BpfObject object) {
        this.object = object;
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    /** As {@code hash_word} of {@code bpf/lines.h}. */
    static int hash(byte[] name) {
        ByteBuffer padded = ByteBuffer.allocate((name.length + 7) / 8 * 8).order(ByteOrder.LITTLE_ENDIAN).put(name);
        long hash = name.length;
        for (int at = 0; at < name.length; at += 8) {
            hash = (hash ^ padded.getLong(at)) * FACTOR;
            hash ^= hash >>> 32;
        }
        return (int) hash | 1;
    }

    /**
     * These logs from now on, also those that are open already.
     *
     * @return what could not be done, such as a directory that is not there
     */
    List<String> put(List<LogPlace> wanted) {
        List<String> notes = new ArrayList<>();
        Map<Key, Long> now = new HashMap<>();
        boolean sockets = false;
        for (LogPlace place : wanted) {
            if (bytes(place.name()).length >= LinesLayout.NAME_BYTES) {
                notes.add("no such name can be: directory=" + place.directory() + ", name=" + place.name());
                continue;
            }
            try {
                long[] directory = directory(place);
                now.merge(new Key(directory[0], (int) directory[1], place.name()), 1L << place.bit(), (a, b) -> a | b);
            } catch (KernelException e) {
                String note = "no such directory: path=" + place.directory() + ", cause=" + e.getMessage()
                        + "; make it: until then no log in it is annotated";
                if (!notes.contains(note)) {
                    notes.add(note);
                }
                continue;
            }
            sockets |= place.mayBeSocket();
            String path = place.directory().resolve(place.name()).toString();
            if (place.mayBeSocket() && !place.name().isEmpty() && bytes(path).length < 108) {
                // What a datagram is sent to is known by what its sender calls it.
                now.merge(new Key(0, 0, path), 1L << place.bit(), (a, b) -> a | b);
            }
        }
        write(now, sockets);
        return notes;
    }

    private void write(Map<Key, Long> now, boolean sockets) {
        try (Arena call = Arena.ofConfined()) {
            int map = object.mapDescriptor("line_places");
            now.forEach((key, bits) -> object.put(map, key.segment(call), key.rules(call, bits)));
            places.keySet().stream().filter(key -> !now.containsKey(key)).forEach(key -> object.delete(map, key.segment(call)));
            places = now;
            generation++;
            MemorySegment lines = call.allocate(LinesLayout.BYTES, 4);
            lines.set(ValueLayout.JAVA_INT, LinesLayout.ACTIVE, now.isEmpty() ? 0 : 1);
            lines.set(ValueLayout.JAVA_INT, LinesLayout.SOCKETS, sockets ? 1 : 0);
            lines.set(ValueLayout.JAVA_INT, LinesLayout.GENERATION, generation);
            int bits = LinesLayout.PLAIN_LAST - LinesLayout.PLAIN_FIRST + 1;
            lines.set(ValueLayout.JAVA_INT, LinesLayout.PLAIN, 1 << LinesLayout.PLAIN_FIRST + generation % bits);
            object.put(object.mapDescriptor(".data.lines"), call.allocateFrom(ValueLayout.JAVA_INT, 0), lines);
        }
        if (!now.isEmpty()) {
            object.iterate("line_files");
        }
    }

    /** Inode number and device. */
    private long[] directory(LogPlace place) {
        int fd = Libc.openPath(place.directory().toString());
        try (Arena call = Arena.ofConfined()) {
            MemorySegment request = call.allocate(LinesLayout.REQUEST_BYTES, 8);
            request.set(ValueLayout.JAVA_INT, LinesLayout.REQUEST_FD, fd);
            int map = object.mapDescriptor(".data.line_request");
            MemorySegment zero = call.allocateFrom(ValueLayout.JAVA_INT, 0);
            object.put(map, zero, request);
            object.iterate("line_directory");
            object.get(map, zero, request);
            return new long[] {request.get(ValueLayout.JAVA_LONG, LinesLayout.REQUEST_DIRECTORY),
                request.get(ValueLayout.JAVA_INT, LinesLayout.REQUEST_DEV)};
        } finally {
            Libc.close(fd);
        }
    }
}
