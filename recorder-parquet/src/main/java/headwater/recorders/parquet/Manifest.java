// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import headwater.recorders.Recorded;
import headwater.store.log.BlockHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code manifest.jsonl}: which files count. A line for each set, appended once its files are in place; a line that is
 * not whole counts for nothing and is cut off.
 *
 * <pre>
 * {"store":"UUID","from":0,"to":42,"hash":"…","day":"2026-11-22","session":1,"files":["edges/day=2026-11-22/blocks-….parquet",…]}
 * </pre>
 *
 * {@code from} and {@code to} are block numbers of the log, {@code to} the first that is not in the files; {@code hash}
 * is that of the last one that is; {@code session} was the newest then. For one thread.
 */
final class Manifest {
    static final String NAME = "manifest.jsonl";
    private static final Pattern LINE = Pattern.compile("\\{\"store\":\"([0-9a-f-]{36})\",\"from\":([0-9]+),\"to\":([0-9]+),"
            + "\"hash\":\"([0-9a-f]{64})\",\"day\":\"[0-9-]{10}\",\"session\":([0-9]+),\"files\":\\[(.*)\\]\\}");

    private final Path path;
    private final List<String> files = new ArrayList<>();
    private Recorded recorded;
    private int session;

    /**
     * Reads it, and cuts off what is not whole.
     *
     * @throws IOException if it is of another store, or not a manifest
     */
    Manifest(Path folder, UUID store) throws IOException {
        path = folder.resolve(NAME);
        recorded = Recorded.nothing(store);
        if (Files.notExists(path)) {
            return;
        }
        String text = Files.readString(path);
        int whole = text.lastIndexOf('\n') + 1;
        for (String line : text.substring(0, whole).lines().toList()) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches() || Long.parseLong(matcher.group(2)) != recorded.blocks()) {
                throw new IOException("not a line that follows: file=" + path + ", line=" + line);
            }
            if (!matcher.group(1).equals(store.toString())) {
                throw new IOException("files of another store: file=" + path + ", its store=" + matcher.group(1)
                        + ", this store=" + store
                        + "; name an empty folder");
            }
            recorded = new Recorded(Long.parseLong(matcher.group(3)), BlockHash.parse(matcher.group(4)));
            session = Integer.parseInt(matcher.group(5));
            for (String file : matcher.group(6).split(",")) {
                files.add(file.substring(1, file.length() - 1));
            }
        }
        if (whole < text.length()) {
            try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
                channel.truncate(text.substring(0, whole).getBytes(StandardCharsets.UTF_8).length);
                channel.force(true);
            }
        }
    }

    Recorded recorded() {
        return recorded;
    }

    int session() {
        return session;
    }

    /** All that count, relative to the folder. */
    Set<String> files() {
        return Set.copyOf(files);
    }

    /** Adds a set, durably. */
    void add(UUID store, Recorded all, String day, int newest, List<String> more) throws IOException {
        String line = "{\"store\":\"" + store + "\",\"from\":" + recorded.blocks() + ",\"to\":" + all.blocks()
                + ",\"hash\":\"" + all.hash()
                + "\",\"day\":\"" + day + "\",\"session\":" + newest + ",\"files\":[\"" + String.join("\",\"", more)
                + "\"]}\n";
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                StandardOpenOption.APPEND)) {
            ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        recorded = all;
        session = newest;
        files.addAll(more);
    }
}
