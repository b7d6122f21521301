// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.graph.PathProbe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/** Asks this machine's file system what a path names. */
final class FilePathProbe implements PathProbe {
    @Override
    public Found find(byte[] path) {
        return ask(path, LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Found target(byte[] path) {
        return ask(path);
    }

    private static Found ask(byte[] path, LinkOption... options) {
        try {
            String text = new String(path, StandardCharsets.UTF_8);
            Map<String, Object> found = Files.readAttributes(Path.of(text), "unix:dev,ino,mode", options);
            return new Found(kernelDevice((Long) found.get("dev")), (Long) found.get("ino"), (Integer) found.get("mode"));
        } catch (IOException | InvalidPathException e) {
            return null;
        }
    }

    /** From the encoding of stat(2) (sysmacros.h) to the kernel's own, major {@code << 20 |} minor. */
    static long kernelDevice(long dev) {
        long major = dev >>> 8 & 0xfff | dev >>> 32 & ~0xfffL;
        long minor = dev & 0xff | dev >>> 12 & ~0xffL;
        return major << 20 | minor & 0xfffff;
    }
}
