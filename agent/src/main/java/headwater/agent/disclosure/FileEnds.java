// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

import headwater.capture.kernel.Errno;
import headwater.capture.kernel.ForeignProcess;
import headwater.capture.kernel.KernelException;
import headwater.capture.kernel.Libc;
import headwater.graph.Disclosure;
import headwater.graph.DisclosureRefusedException;
import headwater.graph.PathProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that one line speaks of, held open until it is drawn. Where something flows into a file, the program must be able to
 * write it; where something comes from one, it must be able to name it.
 */
final class FileEnds implements AutoCloseable {
    private static final int S_IFMT = 0170000;
    private static final int S_IFSOCK = 0140000;
    private static final int S_IFREG = 0100000;

    private final ForeignProcess process;
    private final PathProbe probe;
    /** Those that came with the line; closed with the others. */
    private final List<Integer> passed;
    private final List<Integer> opened = new ArrayList<>();
    private final List<Integer> found = new ArrayList<>();

    FileEnds(ForeignProcess process, PathProbe probe, List<Integer> passed) {
        this.process = process;
        this.probe = probe;
        this.passed = List.copyOf(passed);
    }

    /**
     * Finds a file.
     *
     * @param toWrite true if something is said to flow into it
     * @throws DisclosureRefusedException if the program may not speak of it
     */
    Disclosure.FileEnd find(Request.End end, boolean toWrite) throws DisclosureRefusedException {
        try {
            int fd = switch (end) {
                case Request.FilePath file -> open(file, toWrite);
                case Request.Descriptor descriptor -> passed(descriptor, toWrite);
                case Request.Name name -> throw new IllegalArgumentException("not a file: name=" + name.name());
            };
            if (ForeignProcess.isOfProc(fd)) {
                throw refused("what is in /proc cannot be told of", end);
            }
            Path link = Path.of("/proc/self/fd", Integer.toString(fd));
            PathProbe.Found target = probe.target(link.toString().getBytes(StandardCharsets.US_ASCII));
            if (target == null || (target.mode() & S_IFMT) == S_IFSOCK || (target.mode() & S_IFMT) == 0) {
                throw refused("only files, folders, pipes and devices can be told of", end);
            }
            found.add(withBytes(fd, link, target));
            return new Disclosure.FileEnd(target, name(link, target));
        } catch (KernelException e) {
            throw refused(switch (e.errno()) {
                case Errno.ESRCH -> "the process ended before its word was taken";
                case Errno.ENOENT -> "there is no such file";
                case Errno.EACCES, Errno.EPERM, Errno.EROFS -> "this process may not " + (toWrite ? "write" : "name") + " it";
                case Errno.ELOOP -> "a link that is not followed";
                default -> e.getMessage();
            }, end);
        }
    }

    /** Here, and not where it is asked for: a file system that does not answer holds up this thread alone. */
    private int withBytes(int fd, Path link, PathProbe.Found target) {
        if ((target.mode() & S_IFMT) != S_IFREG || !ForeignProcess.isOfOverlay(fd)) {
            return fd;
        }
        int open = Libc.open(link.toString());
        opened.add(open);
        return open;
    }

    /** Descriptors of all that were found. */
    List<Integer> found() {
        return found;
    }

    private int open(Request.FilePath file, boolean toWrite) {
        int fd = process.openByPath(file.path().getBytes(StandardCharsets.UTF_8), toWrite);
        opened.add(fd);
        return fd;
    }

    private int passed(Request.Descriptor descriptor, boolean toWrite) throws DisclosureRefusedException {
        if (descriptor.index() >= passed.size()) {
            throw refused("fewer descriptors came with the line: came=" + passed.size(), descriptor);
        }
        int fd = passed.get(descriptor.index());
        if (!ForeignProcess.isOpen(fd, toWrite)) {
            throw refused(toWrite ? "the descriptor is not open for writing" : "the descriptor is not open", descriptor);
        }
        return fd;
    }

    /**
     * The path of the file as this process sees it, one byte to a char; empty if it has none here. What the program calls it does not
     * count: in mounts of its own, any path leads where it likes.
     */
    private String name(Path link, PathProbe.Found found) {
        try {
            byte[] path = Files.readSymbolicLink(link).toString().getBytes(StandardCharsets.UTF_8);
            PathProbe.Found here = path[0] == '/' ? probe.find(path) : null;
            boolean same = here != null && here.dev() == found.dev() && here.ino() == found.ino();
            return same ? new String(path, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException | InvalidPathException e) {
            return "";
        }
    }

    private static DisclosureRefusedException refused(String why, Request.End end) {
        String which = switch (end) {
            case Request.FilePath file -> "path=" + file.path();
            case Request.Descriptor descriptor -> "descriptor=" + descriptor.index();
            case Request.Name name -> "name=" + name.name();
        };
        return new DisclosureRefusedException("file", why + ": " + which);
    }

    @Override
    public void close() {
        opened.forEach(Libc::close);
        passed.forEach(Libc::close);
    }
}
