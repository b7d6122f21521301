// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import headwater.query.FileNow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A file system that is gone, or another machine's, by the listing that {@code record.sh} made of it. */
final class FileListing implements FileNow.Lookup {
    private static final int FIELDS = 5;

    private record Entry(boolean link, long dev, long ino, String target) {
    }

    private final Map<String, Entry> entries = new HashMap<>();

    FileListing(Path listing) throws IOException {
        // Each byte is a char: names are bytes.
        String[] fields = Files.readString(listing, StandardCharsets.ISO_8859_1).split("\0", -1);
        for (int i = 0; i + FIELDS < fields.length; i += FIELDS) {
            entries.put(fields[i], new Entry(fields[i + 1].equals("l"), kernelDevice(Long.parseLong(fields[i + 2])),
                    Long.parseLong(fields[i + 3]), fields[i + 4]));
        }
    }

    /** st_dev as find(1) prints it, in the kernel's encoding. */
    private static long kernelDevice(long dev) {
        long major = dev >>> 8 & 0xfff;
        long minor = dev & 0xff | dev >>> 12 & 0xfff00;
        return major << 20 | minor;
    }

    @Override
    public FileNow of(byte[] path) {
        String text = new String(path, StandardCharsets.ISO_8859_1);
        Entry entry = entries.get(text);
        boolean link = entry != null && entry.link;
        byte[] real = path;
        if (link) {
            String target = text.substring(0, text.lastIndexOf('/') + 1) + entry.target;
            real = target.getBytes(StandardCharsets.ISO_8859_1);
            entry = entries.get(target);
        }
        return entry == null ? new FileNow(path, real, false, link, 0, 0)
                : new FileNow(path, real, true, link, entry.dev, entry.ino);
    }
}
