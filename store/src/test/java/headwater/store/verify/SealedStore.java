// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import headwater.store.RandomEvents;
import headwater.store.SealedStores;
import headwater.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A store of several segments, blocks, statements and keys, as the bytes of its files, to be damaged. */
final class SealedStore {
    private final Map<String, byte[]> files = new TreeMap<>();

    private SealedStore() {
    }

    /** Writes one, with a new key in the middle and two openings. */
    static SealedStore write(Path path, long seed, int blocks) throws IOException {
        return write(path, new RandomEvents(seed), blocks);
    }

    /** As the other; goes on in a store that has these events. */
    static SealedStore write(Path path, RandomEvents events, int blocks) throws IOException {
        for (int opening = 0; opening < 2; opening++) {
            try (Store store = SealedStores.open(path, 3_000)) {
                for (int i = 0; i < blocks / 2; i++) {
                    events.feed(25, store.writer());
                    if (i == blocks / 2 - 1) {
                        events.endSession(store.writer());
                    }
                    store.writer().sync();
                    if (i % 2 == 0) {
                        store.sealer().work();
                    }
                    if (opening == 0 && i == blocks / 4) {
                        store.sealer().rotate();
                    }
                }
            }
        }
        return read(path);
    }

    static SealedStore read(Path path) throws IOException {
        SealedStore store = new SealedStore();
        try (Stream<Path> all = Files.walk(path)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                store.files.put(path.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return store;
    }

    /** The files, by their paths within the store; may be changed. */
    Map<String, byte[]> files() {
        return files;
    }

    SealedStore copy() {
        SealedStore copy = new SealedStore();
        files.forEach((name, bytes) -> copy.files.put(name, bytes.clone()));
        return copy;
    }

    /** Puts the files into a folder, in place of what is there. */
    void put(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            try (Stream<Path> all = Files.walk(path)) {
                for (Path file : all.filter(Files::isRegularFile).toList()) {
                    if (!files.containsKey(path.relativize(file).toString())) {
                        Files.delete(file);
                    }
                }
            }
        }
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path to = path.resolve(file.getKey());
            Files.createDirectories(to.getParent());
            Files.write(to, file.getValue());
            if (to.getParent().endsWith("keys")) {
                Files.setPosixFilePermissions(to.getParent(), PosixFilePermissions.fromString("rwx------"));
                Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
            }
        }
    }
}
