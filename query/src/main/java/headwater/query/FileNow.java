// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a path names at this moment.
 *
 * @param absolute the path made absolute, without {@code .} and {@code ..}, links not followed
 * @param real the same with all links followed; equal to {@code absolute} if nothing is there
 * @param exists true if something is there
 * @param link true if the path itself is a symbolic link
 * @param dev the device in the kernel's encoding, 0 if unknown
 * @param ino the inode number, 0 if unknown
 */
public record FileNow(byte[] absolute, byte[] real, boolean exists, boolean link, long dev, long ino) {
    /** Looks a path up. */
    @FunctionalInterface
    public interface Lookup {
        FileNow of(byte[] path);
    }

    /**
     * Looks on this machine. A name that is not in the encoding of the Java virtual machine cannot be looked at; it is
     * then taken as absent, and found by name. So is a path below another root directory ({@link What}).
     */
    public static FileNow onThisMachine(byte[] path) {
        if (What.isOfOtherRoot(path)) {
            return new FileNow(path, path, false, false, 0, 0);
        }
        String text = strictText(path);
        if (text == null) {
            return absent(path);
        }
        try {
            Path absolute = Path.of(text).toAbsolutePath().normalize();
            byte[] absoluteBytes = absolute.toString().getBytes(StandardCharsets.UTF_8);
            boolean link = Files.isSymbolicLink(absolute);
            if (!Files.exists(absolute)) {
                return new FileNow(absoluteBytes, absoluteBytes, false, link, 0, 0);
            }
            Path real = absolute.toRealPath();
            long dev = kernelDevice((Long) Files.getAttribute(real, "unix:dev", LinkOption.NOFOLLOW_LINKS));
            long ino = (Long) Files.getAttribute(real, "unix:ino", LinkOption.NOFOLLOW_LINKS);
            return new FileNow(absoluteBytes, real.toString().getBytes(StandardCharsets.UTF_8), true, link, dev, ino);
        } catch (InvalidPathException | IOException | SecurityException e) {
            // Gone meanwhile, or not ours to look at: the record still knows it by name.
            return absent(path);
        }
    }

    /** st_dev of stat(2), as glibc spreads it, in the kernel's own encoding (major {@code << 20 |} minor). */
    static long kernelDevice(long dev) {
        long major = dev >>> 8 & 0xfff | dev >>> 32 & ~0xfffL;
        long minor = dev & 0xff | dev >>> 12 & ~0xffL & 0xffffffffL;
        return major << 20 | minor;
    }

    private static FileNow absent(byte[] path) {
        byte[] absolute = path;
        if (path.length == 0 || path[0] != '/') {
            byte[] folder = (Path.of("").toAbsolutePath() + "/").getBytes(StandardCharsets.UTF_8);
            absolute = Arrays.copyOf(folder, folder.length + path.length);
            System.arraycopy(path, 0, absolute, folder.length, path.length);
        }
        return new FileNow(absolute, absolute, false, false, 0, 0);
    }

    private static String strictText(byte[] path) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(path)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
