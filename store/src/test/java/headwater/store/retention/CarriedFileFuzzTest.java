// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import headwater.model.Attribute;
import headwater.store.RandomEvents;
import headwater.store.SealedStores;
import headwater.store.Store;
import headwater.store.StoreDamagedException;
import headwater.store.StoreVersionException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is in a carried file, its reader gives values or says that it is damaged. */
class CarriedFileFuzzTest {
    private static final int SEGMENT = 7;
    private static final UUID STORE = new UUID(5, 6);

    @FuzzTest
    void shouldReadOrRefuse(byte[] bytes) throws IOException {
        Path folder = Files.createTempDirectory("carried");
        try {
            read(folder, bytes, SEGMENT, STORE);
            if (bytes.length >= CarriedFormat.HEADER_BYTES) {
                ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, CarriedFormat.MAGIC)
                        .putInt(CarriedFormat.VERSION_AT, 1).putInt(CarriedFormat.SEGMENT_AT, SEGMENT)
                        .putLong(CarriedFormat.STORE_AT, STORE.getMostSignificantBits())
                        .putLong(CarriedFormat.STORE_AT + 8, STORE.getLeastSignificantBits());
                sum(head);
                read(folder, bytes, SEGMENT, STORE);
            }
        } finally {
            Files.deleteIfExists(folder.resolve(CarriedFormat.name(SEGMENT)));
            Files.delete(folder);
        }
    }

    @Test
    void shouldReadOrRefuseWhatIsAlmostOne(@TempDir Path temp) throws IOException {
        long seed = System.nanoTime();
        System.out.println("CarriedFileFuzzTest seed=" + seed);
        Random random = new Random(seed);
        int segment;
        UUID store;
        byte[] whole;
        try (Store made = SealedStores.open(temp.resolve("store"), 3_000)) {
            RandomEvents events = new RandomEvents(seed);
            for (int part = 0; part < 30; part++) {
                events.feed(25, made.writer());
                made.writer().sync();
                made.sealer().work();
            }
            RetentionPlan plan = made.retentionPlan(new RetentionPolicy(RetentionPolicy.UNBOUNDED, 0), 0);
            assertNotNull(made.drop(plan, InUse.NONE));
            segment = plan.end().segment();
            store = made.log().store();
            whole = Files.readAllBytes(made.log().directory().resolve(CarriedFormat.name(segment)));
        }
        assertTrue(read(temp, whole, segment, store));
        int understood = 0;
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            byte[] mutated = whole.clone();
            for (int changes = random.nextInt(3); changes >= 0; changes--) {
                int at = random.nextInt(3) == 0 ? random.nextInt(CarriedFormat.CRC_AT) : random.nextInt(mutated.length);
                mutated[at] = random.nextBoolean() ? (byte) random.nextInt() : (byte) (mutated[at] + 1 - random.nextInt(3));
            }
            if (random.nextInt(8) != 0) {
                sum(ByteBuffer.wrap(mutated).order(ByteOrder.LITTLE_ENDIAN));
            }
            byte[] cut = random.nextInt(20) == 0 ? Arrays.copyOf(mutated, random.nextInt(mutated.length)) : mutated;
            if (read(temp, cut, segment, store)) {
                understood++;
            } else {
                refused++;
            }
        }
        assertTrue(understood > 100 && refused > 100, "understood=" + understood + ", refused=" + refused);
    }

    private static void sum(ByteBuffer file) {
        CRC32C crc = new CRC32C();
        crc.update(file.array(), 0, CarriedFormat.CRC_AT);
        file.putInt(CarriedFormat.CRC_AT, (int) crc.getValue());
    }

    /** True if all of it could be read; anything but what is documented goes through. */
    private static boolean read(Path folder, byte[] bytes, int segment, UUID store) throws IOException {
        Files.write(folder.resolve(CarriedFormat.name(segment)), bytes);
        try (Arena arena = Arena.ofConfined()) {
            CarriedFile file = CarriedFile.open(folder, segment, store, arena);
            assertEquals(segment, file.end().segment());
            boolean whole = all(file);
            try {
                file.load();
            } catch (StoreDamagedException e) {
                whole = false;
            }
            return whole;
        } catch (StoreDamagedException | StoreVersionException e) {
            assertNotNull(e.getMessage());
            return false;
        }
    }

    /** Reads each row by itself, so that one that is damaged hides none. */
    private static boolean all(CarriedFile file) {
        boolean whole = tried(() -> {
                file.events(new ArrayList<>(), new ArrayList<>(), new HashMap<>());
                return null;
            });
        for (long row = 0; row < file.objects(); row++) {
            long at = row;
            whole &= tried(() -> file.kind(at));
            whole &= tried(() -> file.lacksVersions(at));
            whole &= tried(() -> {
                file.values(at, (attribute, value) -> assertNotNull(attribute));
                return null;
            });
            whole &= tried(() -> {
                file.versions(file.object(at), node -> { });
                return null;
            });
            whole &= tried(() -> file.value(file.object(at), Attribute.NAME));
            whole &= tried(() -> file.value(file.object(at), Attribute.UID));
            whole &= tried(() -> {
                file.find(Attribute.INO, 3L, object -> { });
                return null;
            });
        }
        for (long row = 0; row < file.nodes(); row++) {
            long at = row;
            whole &= tried(() -> file.nodeRow(file.node(at)));
            whole &= tried(() -> file.timeNs(at));
            whole &= tried(() -> file.version(at) + file.objectOf(at));
            whole &= tried(() -> file.lacksCauses(at) | file.lacksEffects(at));
        }
        return whole;
    }

    private static boolean tried(Supplier<Object> reading) {
        try {
            reading.get();
            return true;
        } catch (StoreDamagedException e) {
            assertNotNull(e.getMessage());
            return false;
        }
    }
}
