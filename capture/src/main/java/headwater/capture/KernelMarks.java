// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import headwater.capture.kernel.BpfObject;
import headwater.capture.kernel.KernelException;
import headwater.capture.kernel.Libc;
import headwater.record.PolicyLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The marks of processes and files in the kernel: set, cleared and read by iterators, which find what is meant without a race. */
final class KernelMarks {
    private static final ValueLayout.OfLong BIG_ENDIAN = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int DONE = 1;
    /** bystanders.h. */
    private static final int NUMBERS = 65_536;

    private final BpfObject object;
    private final int self = (int) ProcessHandle.current().pid();

    KernelMarks(BpfObject object) {
        this.object = object;
    }

    /** What the process bears then, empty if there is none or it can never be recorded. Nothing to set or clear only asks. */
    Optional<Marks> process(int tgid, Marks marks, Set<Mark> clear) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment answer = askOfProcess(call, tgid, marks, clear);
            return answer.get(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_DONE) == DONE ? Optional.of(marks(answer)) : Optional.empty();
        }
    }

    /** Whether what the process does is recorded now. */
    boolean isRecorded(int tgid) {
        try (Arena call = Arena.ofConfined()) {
            return askOfProcess(call, tgid, Marks.NONE, Set.of()).get(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_RECORDED) != 0;
        }
    }

    /** What the process bears itself, whatever it executes; nothing if it cannot be recorded. */
    Marks own(int tgid) {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment answer = askOfProcess(call, tgid, Marks.NONE, Set.of());
            return Marks.ownOfBits(answer.get(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_MARKS),
                    answer.get(ValueLayout.JAVA_LONG, PolicyLayout.REQUEST_TAINT));
        }
    }

    /** What is kept of files, met or not. */
    Map<FileId, Marks> kept() {
        Map<FileId, Marks> kept = new HashMap<>();
        try (Arena call = Arena.ofConfined()) {
            int map = object.mapDescriptor("marked_inodes");
            MemorySegment marking = call.allocate(PolicyLayout.MARKING_BYTES, 8);
            MemorySegment key = call.allocate(PolicyLayout.MARKED_BYTES, 8);
            boolean more = object.nextKey(map, MemorySegment.NULL, key);
            while (more) {
                object.get(map, key, marking);
                kept.put(FileId.read(key, 0), Marks.ofBits(marking.get(ValueLayout.JAVA_INT, PolicyLayout.MARKING_SET),
                        marking.get(ValueLayout.JAVA_LONG, PolicyLayout.MARKING_TAINT)));
                more = object.nextKey(map, key, key);
            }
        }
        return kept;
    }

    private MemorySegment askOfProcess(Arena call, int tgid, Marks marks, Set<Mark> clear) {
        return ask(call, "mark_process", tgid, tgid, -1, marks, clear);
    }

    /** What an open file bears, or will when it is met. */
    Marks descriptor(int fd) {
        try (Arena call = Arena.ofConfined()) {
            return marks(askOfFile(call, fd, Marks.NONE, Set.of()));
        }
    }

    private MemorySegment askOfFile(Arena call, int fd, Marks marks, Set<Mark> clear) {
        return ask(call, "mark_file", self, -1, fd, marks, clear);
    }

    FileMarks file(Path file, Marks marks, Set<Mark> clear) {
        // Of a file on a stacked file system only one that is open says where its bytes are.
        int fd = Files.isRegularFile(file) ? Libc.open(file.toString()) : Libc.openPath(file.toString());
        try (Arena call = Arena.ofConfined()) {
            MemorySegment answer = askOfFile(call, fd, marks, clear);
            if (answer.get(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_DONE) != DONE) {
                throw new KernelException("file cannot be marked, too many are: path=" + file + "; clear some", 0);
            }
            return new FileMarks(FileId.read(answer, PolicyLayout.REQUEST_KEY), uuid(answer), type(answer), marks(answer));
        } finally {
            Libc.close(fd);
        }
    }

    /** Whoever meets the file from now on finds these marks. False if there is no room. */
    boolean keep(FileId file, Marks marks) {
        try (Arena call = Arena.ofConfined()) {
            if (marks.has(Mark.TRACKED)) {
                object.put(object.mapDescriptor("tracked_numbers"),
                        call.allocateFrom(ValueLayout.JAVA_INT, (int) file.ino() & NUMBERS - 1), call.allocateFrom(ValueLayout.JAVA_LONG, 1));
            }
            object.put(object.mapDescriptor("marked_inodes"), file.segment(call), KernelPolicy.marking(call, marks, 0));
            return true;
        } catch (KernelException e) {
            return false;
        }
    }

    void forget(FileId file) {
        try (Arena call = Arena.ofConfined()) {
            object.delete(object.mapDescriptor("marked_inodes"), file.segment(call));
        } catch (KernelException e) {
            // Nothing was kept of it.
        }
    }

    /** @param over the task that is iterated over, or whose files are */
    private MemorySegment ask(Arena call, String program, int over, int process, int fd, Marks marks, Set<Mark> clear) {
        MemorySegment request = call.allocate(PolicyLayout.REQUEST_BYTES, 8);
        int cleared = clear.stream().mapToInt(Mark::bit).sum();
        MemorySegment.copy(KernelPolicy.marking(call, marks, cleared), 0, request, PolicyLayout.REQUEST_MARKING,
                PolicyLayout.MARKING_BYTES);
        request.set(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_PROCESS, process);
        request.set(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_FD, fd);
        MemorySegment zero = call.allocateFrom(ValueLayout.JAVA_INT, 0);
        int map = object.mapDescriptor(".data.marking");
        object.put(map, zero, request);
        object.iterate(program, over);
        object.get(map, zero, request);
        return request;
    }

    private static Marks marks(MemorySegment answer) {
        return Marks.ofBits(answer.get(ValueLayout.JAVA_INT, PolicyLayout.REQUEST_MARKS),
                answer.get(ValueLayout.JAVA_LONG, PolicyLayout.REQUEST_TAINT));
    }

    private static UUID uuid(MemorySegment answer) {
        long high = answer.get(BIG_ENDIAN, PolicyLayout.REQUEST_UUID);
        long low = answer.get(BIG_ENDIAN, PolicyLayout.REQUEST_UUID + 8);
        return high == 0 && low == 0 ? null : new UUID(high, low);
    }

    private static String type(MemorySegment answer) {
        byte[] text = answer.asSlice(PolicyLayout.REQUEST_TYPE, PolicyLayout.REQUEST_TYPE_BYTES).toArray(ValueLayout.JAVA_BYTE);
        int end = 0;
        while (end < text.length && text[end] != 0) {
            end++;
        }
        return new String(text, 0, end, StandardCharsets.ISO_8859_1);
    }
}
