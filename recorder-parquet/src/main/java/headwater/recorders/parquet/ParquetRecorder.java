// SPDX-License-Identifier: Apache-2.0
package headwater.recorders.parquet;

import headwater.outputs.Stop;
import headwater.recorders.CommitRule;
import headwater.recorders.Recorded;
import headwater.recorders.Recorder;
import headwater.store.log.LogBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes each set of files beside, under {@value #BESIDE}; at a commit renames them into place, and then says in the
 * manifest that they count. What is in place and not in the manifest is removed when it is opened again. For one
 * thread.
 */
final class ParquetRecorder implements Recorder {
    /** Names that begin so are passed over by those who read folders of Parquet files. */
    private static final String BESIDE = "_new";
    private static final long NS = 1_000_000_000L;

    private final Path folder;
    private final CommitRule rule;
    private UUID store;
    private Manifest manifest;
    private FileSet set;
    private String day;

    ParquetRecorder(Path folder, CommitRule rule) {
        this.folder = folder;
        this.rule = rule;
    }

    @Override
    public Recorded open(UUID id, Stop stop) throws IOException {
        store = id;
        try {
            Files.createDirectories(folder.resolve(BESIDE));
            manifest = new Manifest(folder, id);
            removeWhatDoesNotCount();
        } catch (IOException e) {
            throw new IOException("Parquet files cannot be written: path=" + folder + ", cause=" + e.getMessage(), e);
        }
        return manifest.recorded();
    }

    private void removeWhatDoesNotCount() throws IOException {
        Set<String> counts = manifest.files();
        for (Tables table : Tables.values()) {
            Path root = folder.resolve(table.folder());
            if (Files.isDirectory(root)) {
                try (Stream<Path> files = Files.walk(root)) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        String name = folder.relativize(file).toString();
                        if (name.endsWith(".parquet") && !counts.contains(name)) {
                            Files.delete(file);
                        }
                    }
                }
            }
        }
    }

    private static String day(LogBlock block) {
        return LocalDate.ofInstant(Instant.ofEpochSecond(block.lowestNs() / NS), ZoneOffset.UTC).toString();
    }

    @Override
    public boolean parted(LogBlock next) {
        return !day(next).equals(day);
    }

    @Override
    public CommitRule commitRule() {
        return rule;
    }

    @Override
    public void take(LogBlock block, Stop stop) throws IOException {
        if (set == null) {
            day = day(block);
            set = new FileSet(folder.resolve(BESIDE), Map.of("headwater.store", store.toString(), "headwater.from",
                    Long.toString(block.number())), manifest.session());
        }
        set.block(block.number());
        try {
            Recorder.replay(block, set);
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void commit(Recorded all, Stop stop) throws IOException {
        String name = String.format("blocks-%012d-%012d.parquet", manifest.recorded().blocks(), all.blocks() - 1);
        List<String> placed = new ArrayList<>();
        for (Tables table : Tables.inOrder()) {
            TableFile file = set.files().get(table);
            if (file != null) {
                file.finish();
                Path to = folder.resolve(table.folder()).resolve("day=" + day).resolve(name);
                Files.createDirectories(to.getParent());
                Files.move(file.path(), to, StandardCopyOption.ATOMIC_MOVE);
                sync(to.getParent());
                placed.add(folder.relativize(to).toString());
            }
        }
        manifest.add(store, all, day, set.session(), placed);
        sync(folder);
        set = null;
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public void close() {
        if (set != null) {
            set.abandon();
            set = null;
        }
    }
}
