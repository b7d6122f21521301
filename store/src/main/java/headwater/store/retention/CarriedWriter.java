// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.Attribute;
import headwater.store.log.ColumnBuffer;
import headwater.store.log.LogFormat;
import headwater.store.log.LogPosition;
import headwater.store.log.SegmentFile;
import headwater.store.log.SessionCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Writes a {@link CarriedFormat} file. The thread that made it uses it, once. */
final class CarriedWriter {
    private static final int BUFFER_BYTES = 1 << 16;

    private record Posting(int hash, int object, int value) {
    }

    private final Carried carried;
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final Map<String, Long> known = new HashMap<>();
    private final List<Posting> postings = new ArrayList<>();
    private SegmentFile file;
    private MessageDigest digest;
    private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private long written;

    CarriedWriter(Carried carried) {
        this.carried = carried;
    }

    /**
     * Writes the file into the log's folder; it is on the disk when this returns.
     *
     * @param end where the log begins from now on
     * @param fromNs the lowest time before it
     * @return SHA-256 of the file, hexadecimal
     */
    String write(Path log, UUID store, LogPosition end, long fromNs, SegmentFile.Opener opener) throws IOException {
        Path path = log.resolve(CarriedFormat.name(end.segment()));
        opener.delete(path);
        ByteBuffer values = values();
        ColumnBuffer events = events();
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
        try (SegmentFile opened = opener.open(path, true)) {
            file = opened;
            put(header(store, end, fromNs, values.remaining() / CarriedFormat.VALUE_BYTES, events.length()));
            objects();
            nodes();
            put(ByteBuffer.wrap(values.array(), 0, values.limit()));
            postings();
            put(ByteBuffer.wrap(events.array(), 0, events.length()));
            align();
            put(ByteBuffer.wrap(strings.toByteArray()));
            align();
            drain();
            opened.force(true);
        }
        opener.syncDirectory(log);
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The values of all objects, one after the other; fills strings and postings too. */
    private ByteBuffer values() {
        int count = carried.objects.values().stream().mapToInt(thing -> thing.values.size()).sum();
        ByteBuffer to = ByteBuffer.allocate(Math.multiplyExact(count, CarriedFormat.VALUE_BYTES)).order(ByteOrder.LITTLE_ENDIAN);
        int object = 0;
        for (Carried.Thing thing : carried.objects.values()) {
            List<Attribute> attributes = new ArrayList<>(thing.values.keySet());
            attributes.sort(Comparator.comparingInt(Attribute::code));
            for (Attribute attribute : attributes) {
                Object value = thing.values.get(attribute);
                int row = to.position() / CarriedFormat.VALUE_BYTES;
                int hash;
                if (value instanceof byte[] bytes) {
                    to.putInt(attribute.code()).putInt(bytes.length).putLong(string(bytes));
                    hash = CarriedFormat.hash(attribute.code(), bytes);
                } else {
                    to.putInt(attribute.code()).putInt(0).putLong((Long) value);
                    hash = CarriedFormat.hash(attribute.code(), (Long) value);
                }
                if (attribute.indexed()) {
                    postings.add(new Posting(hash, object, row));
                }
            }
            object++;
        }
        postings.sort((a, b) -> a.hash != b.hash ? Integer.compareUnsigned(a.hash, b.hash) : Integer.compare(a.object, b.object));
        return to.flip();
    }

    private long string(byte[] bytes) {
        return known.computeIfAbsent(new String(bytes, StandardCharsets.ISO_8859_1), text -> {
            long at = strings.size();
            strings.writeBytes(bytes);
            return at;
        });
    }

    private ColumnBuffer events() {
        ColumnBuffer events = new ColumnBuffer(64);
        carried.boots.forEach((bootId, number) -> {
            events.putByte(CarriedFormat.EVENT_BOOT);
            events.putText(bootId);
            events.putSigned(number);
        });
        carried.sessions.forEach(session -> {
            events.putByte(CarriedFormat.EVENT_SESSION);
            events.putSigned(session.startNs());
            SessionCodec.put(events, session);
        });
        carried.gaps.forEach(gap -> {
            events.putByte(CarriedFormat.EVENT_GAP);
            SessionCodec.put(events, gap);
        });
        return events;
    }

    private ByteBuffer header(UUID store, LogPosition end, long fromNs, int values, int eventBytes) {
        byte[] bytes = new byte[CarriedFormat.HEADER_BYTES];
        MemorySegment to = MemorySegment.ofArray(bytes);
        to.set(CarriedFormat.LONG, 0, CarriedFormat.MAGIC);
        to.set(CarriedFormat.INT, CarriedFormat.VERSION_AT, LogFormat.VERSION);
        to.set(CarriedFormat.INT, CarriedFormat.LENGTH_AT, CarriedFormat.HEADER_BYTES);
        to.set(CarriedFormat.LONG, CarriedFormat.STORE_AT, store.getMostSignificantBits());
        to.set(CarriedFormat.LONG, CarriedFormat.STORE_AT + 8, store.getLeastSignificantBits());
        to.set(CarriedFormat.INT, CarriedFormat.SEGMENT_AT, end.segment());
        to.set(CarriedFormat.INT, CarriedFormat.FLAGS_AT, end.sessionOpen() ? 1 : 0);
        to.set(CarriedFormat.LONG, CarriedFormat.BLOCK_AT, end.block());
        to.set(CarriedFormat.LONG, CarriedFormat.NODE_AT, end.nodes());
        to.set(CarriedFormat.LONG, CarriedFormat.EDGE_AT, end.edges());
        to.set(CarriedFormat.LONG, CarriedFormat.OBJECT_AT, end.objects());
        to.set(CarriedFormat.LONG, CarriedFormat.TIME_AT, end.timeNs());
        end.hash().write(to, CarriedFormat.HASH_AT);
        to.set(CarriedFormat.LONG, CarriedFormat.FROM_AT, fromNs);
        to.set(CarriedFormat.LONG, CarriedFormat.OBJECTS_AT, carried.objects.size());
        to.set(CarriedFormat.LONG, CarriedFormat.NODES_AT, carried.nodes.size());
        to.set(CarriedFormat.LONG, CarriedFormat.VALUES_AT, values);
        to.set(CarriedFormat.LONG, CarriedFormat.POSTINGS_AT, postings.size());
        to.set(CarriedFormat.LONG, CarriedFormat.EVENTS_AT, eventBytes);
        to.set(CarriedFormat.LONG, CarriedFormat.STRINGS_AT, strings.size());
        to.set(CarriedFormat.LONG, CarriedFormat.SESSION_AT, carried.lastSession);
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CarriedFormat.CRC_AT);
        to.set(CarriedFormat.INT, CarriedFormat.CRC_AT, (int) crc.getValue());
        return ByteBuffer.wrap(bytes);
    }

    private void objects() throws IOException {
        Map<Long, Integer> versions = new HashMap<>();
        carried.nodes.values().forEach(version -> versions.merge(version.object(), 1, Integer::sum));
        int node = 0;
        int value = 0;
        for (Map.Entry<Long, Carried.Thing> entry : carried.objects.entrySet()) {
            Carried.Thing thing = entry.getValue();
            room(CarriedFormat.OBJECT_BYTES);
            buffer.putLong(entry.getKey()).putInt(node).putInt(value).putInt(thing.values.size()).put((byte) thing.kind.code())
                    .put((byte) (thing.lacksVersions ? CarriedFormat.LACKS_VERSIONS : 0)).putShort((short) 0);
            node += versions.getOrDefault(entry.getKey(), 0);
            value += thing.values.size();
        }
    }

    private void nodes() throws IOException {
        Map<Long, List<Integer>> rows = new HashMap<>();
        int row = 0;
        for (Map.Entry<Long, Carried.Version> entry : carried.nodes.entrySet()) {
            Carried.Version version = entry.getValue();
            room(CarriedFormat.NODE_BYTES);
            buffer.putLong(entry.getKey()).putLong(version.object()).putLong(version.timeNs()).putInt(version.version())
                    .put((byte) version.flags()).put((byte) 0).putShort((short) 0);
            rows.computeIfAbsent(version.object(), object -> new ArrayList<>(1)).add(row++);
        }
        for (long object : carried.objects.keySet()) {
            for (int of : rows.getOrDefault(object, List.of())) {
                room(CarriedFormat.OBJECT_NODE_BYTES);
                buffer.putInt(of);
            }
        }
        align();
    }

    private void postings() throws IOException {
        for (Posting posting : postings) {
            room(CarriedFormat.POSTING_BYTES);
            buffer.putInt(posting.hash).putInt(posting.object).putInt(posting.value).putInt(0);
        }
    }

    private void align() throws IOException {
        room(8);
        while ((written + buffer.position() & 7) != 0) {
            buffer.put((byte) 0);
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            room(1);
            int count = Math.min(bytes.remaining(), buffer.remaining());
            buffer.put(buffer.position(), bytes, bytes.position(), count).position(buffer.position() + count);
            bytes.position(bytes.position() + count);
        }
    }

    private void room(int bytes) throws IOException {
        if (buffer.remaining() < bytes) {
            drain();
        }
    }

    private void drain() throws IOException {
        buffer.flip();
        digest.update(buffer.duplicate());
        long at = written;
        written += buffer.remaining();
        file.write(buffer, at);
        buffer.clear();
    }
}
