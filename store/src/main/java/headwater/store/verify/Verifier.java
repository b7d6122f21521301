// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Checks every byte of a store's log, its statements and its keys, in the order in which they were written, and stops at
 * the first that is wrong. Needs no lock, no daemon and no right but to read; a store may be written meanwhile.
 */
public final class Verifier {
    private static final int TRIES = 5;
    private static final int SEGMENT_HEAD = 128;
    private static final String SEGMENT = "[0-9]{8}\\.hwlog";
    private static final String SEAL = "[0-9]{8}\\.hwseal";
    private static final String CARRIED = "[0-9]{8}\\.hwcarried";
    /** What recovery puts aside; it is evidence, but no part of the record. */
    private static final String ASIDE = ".*\\.tail-[0-9]+(-[0-9]+)?|chain\\.tail-.*";

    private final Path root;
    private final List<String> notes = new ArrayList<>();
    private final Position at = new Position();
    private final TreeMap<Long, String> anchored = new TreeMap<>();
    private final TreeMap<Integer, Long> sealSizes = new TreeMap<>();
    private String store = "";
    private Keys keys;
    private Statements statements;
    private Drops drops;
    private int segments;
    private long events;
    private long unfinished;
    private long firstUnsignedNs;
    private long unsignedFrom = -1;
    private byte[] block = new byte[1 << 16];

    private Verifier(Path root) {
        this.root = root;
    }

    /**
     * Verifies a store.
     *
     * @param trusted DER of a public key that must have signed it, null to take the keys in the store as they are
     * @param anchors statements that were kept elsewhere, which the store must still agree with; empty lines are passed over
     * @throws IOException if it cannot be read
     */
    public static Report verify(Path store, byte[] trusted, List<String> anchors) throws IOException {
        for (int tries = 1; ; tries++) {
            long before = droppedBytes(store);
            try {
                Report report = new Verifier(store).verified(trusted, anchors);
                // Whoever deletes what a new statement says was dropped takes it away from under us.
                if (report.damage() == null || before == droppedBytes(store) || tries == TRIES) {
                    return report;
                }
            } catch (NoSuchFileException e) {
                if (before == droppedBytes(store) || tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private Report verified(byte[] trusted, List<String> anchors) throws IOException {
        try {
            run(trusted, anchors);
            return report(null);
        } catch (Damage e) {
            return report(e.finding);
        }
    }

    private static long droppedBytes(Path store) throws IOException {
        Path path = store.resolve(Drops.FILE);
        return Files.isRegularFile(path) ? Files.size(path) : 0;
    }

    private void run(byte[] trusted, List<String> anchors) throws IOException, Damage {
        Path log = root.resolve("log");
        // Sizes of statement files come first: a statement is written after the blocks that it is of.
        for (String name : names(log)) {
            if (name.matches(SEAL)) {
                sealSizes.put(Integer.parseInt(name.substring(0, 8)), Files.size(log.resolve(name)));
            }
        }
        List<Integer> present = new ArrayList<>();
        for (String name : names(log)) {
            if (name.matches(SEGMENT)) {
                present.add(Integer.parseInt(name.substring(0, 8)));
            }
        }
        if (present.isEmpty()) {
            throw new Damage("log", -1, -1, 0, "there is no segment", "all of the record is gone, or it is no store");
        }
        store = storeId(present);
        keys = Keys.read(wholeLines("keys/chain", true), store, trusted);
        statements = new Statements(keys, store);
        at.hash = Line.sha256(HexFormat.of().parseHex(store.replace("-", "")));
        drops = Drops.read(wholeLines(Drops.FILE, true), store, at.hash, keys);
        if (drops.torn() > 0) {
            unfinished += drops.torn();
            notes.add(Drops.FILE + ": the newest line, of " + drops.torn()
                    + " bytes, is in pieces, as a power cut leaves it, and was not acted on: the next opening puts it aside");
        }
        drops.apply(at, statements);
        readAnchors(anchors);
        int newest = present.getLast();
        dropped(present);
        checkAnchor();
        for (int segment = drops.firstSegment(); segment <= newest; segment++) {
            if (!present.contains(segment)) {
                throw new Damage("log/" + name(segment), at.blocks, -1, 0, "the segment is not there",
                        "all that it held is gone");
            }
            segment(segment, segment == newest);
        }
        end(newest);
        drops.checkRest(statements.nextSequence());
        strangers();
    }

    /** What is carried is what was signed, and what else is left of a drop that was interrupted is no part of the record. */
    private void dropped(List<Integer> present) throws IOException, Damage {
        if (present.getLast() < drops.firstSegment()) {
            throw new Damage("log/" + name(drops.firstSegment()), at.blocks, -1, 0, "the segment is not there", "all that was not dropped is gone");
        }
        if (drops.carried() != null) {
            String name = String.format("log/%08d.hwcarried", drops.firstSegment());
            Path path = root.resolve(name);
            if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new Damage(name, -1, -1, 0, "it is not there", "what was known of the dropped beginning is gone");
            }
            if (!hash(path).equals(drops.carried())) {
                throw new Damage(name, -1, -1, 0, "it is not what was signed", "what it says of the dropped beginning was changed");
            }
        }
        if (present.getFirst() < drops.firstSegment()) {
            notes.add("segments " + present.getFirst() + " to " + (drops.firstSegment() - 1)
                    + " were dropped, but not all of their files are deleted: the next opening does it");
        }
        long old = anchored.headMap(at.blocks).size();
        if (old > 0) {
            notes.add(old + " anchors are of blocks that were dropped: that they were those cannot be told any more");
        }
    }

    private static String hash(Path path) throws IOException {
        java.security.MessageDigest digest = Line.sha256();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (file.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The store's id, by the newest segment that has a whole head: what all else has to agree with. */
    private String storeId(List<Integer> present) throws IOException, Damage {
        for (int segment : present.reversed()) {
            byte[] head = bytes(root.resolve("log").resolve(name(segment)), SEGMENT_HEAD);
            if (head.length == SEGMENT_HEAD && crc(head, 124) == little(head).getInt(124)) {
                ByteBuffer in = little(head);
                return new UUID(in.getLong(16), in.getLong(24)).toString();
            }
        }
        throw new Damage("log/" + name(present.getFirst()), 0, -1, 0, "no segment has a whole head", "it cannot be told what store it is");
    }

    private void segment(int number, boolean newest) throws IOException, Damage {
        String name = "log/" + name(number);
        Path path = root.resolve(name);
        if (Files.isSymbolicLink(path) || !Files.isRegularFile(path)) {
            throw new Damage(name, at.blocks, -1, 0, "it is no plain file", "somebody put it there");
        }
        at.segment = number;
        List<String> lines = sealSizes.containsKey(number) ? wholeLines("log/" + sealName(number), newest || number == sealSizes.lastKey())
                : List.of();
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = file.size();
            segments++;
            statements.begin("log/" + sealName(number), lines, number, at);
            byte[] head = read(file, 0, (int) Math.min(size, SEGMENT_HEAD));
            String fault = segmentHead(head, number);
            if (fault != null && (!newest || head.length == SEGMENT_HEAD)) {
                throw new Damage(name, at.blocks, -1, 0, fault, "the segment is not the one that was written here");
            }
            long offset = fault == null ? SEGMENT_HEAD : 0;
            statements.check(number, at);
            checkAnchor();
            while (fault == null && offset < size) {
                fault = block(file, offset, size);
                if (fault == null) {
                    BlockHead read = BlockHead.of(block);
                    int length = BlockHead.LENGTH + read.storedLength();
                    fitting(read, name, offset);
                    String hash = HexFormat.of().formatHex(sha256(length));
                    if (unsignedFrom < statements.signedBlocks()) {
                        unsignedFrom = at.blocks;
                        firstUnsignedNs = read.lowestNs();
                    }
                    at.add(read, hash);
                    events += read.events();
                    offset += length;
                    lateSignature(number, offset);
                    checkAnchor();
                }
            }
            if (fault != null && !newest) {
                throw new Damage(name, at.blocks, at.blocks, offset, fault, "this block was changed, or is cut off");
            }
            statements.end(at, name, offset, fault);
            if (fault != null) {
                tail(file, name, offset, size, fault);
            }
        }
    }

    /** The block has its number, its place in the chain, and a payload that is well formed. */
    private void fitting(BlockHead head, String name, long offset) throws Damage {
        String misfit = at.misfit(head);
        if (misfit != null) {
            throw new Damage(name, at.blocks, at.blocks, offset, misfit,
                    "blocks were exchanged, taken out or put in here, or the one before was changed");
        }
        try {
            PayloadCheck.check(head, block, at.open);
        } catch (PayloadCheck.Malformed e) {
            throw new Damage(name, at.blocks, at.blocks, offset, "the payload does not follow the format: " + e.getMessage(),
                    "this block was not written by Headwater, or by one with a fault");
        }
    }

    /** After a block: statements of the log up to it. One made at an opening, of blocks that were old by then, is noted. */
    private void lateSignature(int segment, long offset) throws Damage {
        Line before = statements.last();
        statements.check(segment, at);
        Line now = statements.last();
        if (now != before && (now.get("kind").equals("found") || now.get("kind").equals("first"))) {
            notes.add(String.format("blocks %d to %d (%.1f s) were signed only when the store was opened again, statement %s: the writer"
                    + " was killed, or could not sign", unsignedFrom, at.blocks - 1, (at.timeNs - firstUnsignedNs) / 1e9, now.get("seq")));
        }
    }

    /** Why no whole block stands at {@code offset}, null if one does; then it is in {@link #block}. */
    private String block(FileChannel file, long offset, long size) throws IOException {
        if (size - offset < BlockHead.LENGTH) {
            return "only " + (size - offset) + " bytes of a block are here";
        }
        System.arraycopy(read(file, offset, BlockHead.LENGTH), 0, block, 0, BlockHead.LENGTH);
        BlockHead head = BlockHead.of(block);
        if (head.fault() != null) {
            return head.fault();
        }
        int length = BlockHead.LENGTH + head.storedLength();
        if (size - offset < length) {
            return "only " + (size - offset) + " bytes of the block's " + length + " are here";
        }
        if (block.length < length) {
            block = Arrays.copyOf(block, 2 * length);
        }
        System.arraycopy(read(file, offset + BlockHead.LENGTH, head.storedLength()), 0, block, BlockHead.LENGTH, head.storedLength());
        return head.checksumHolds(block) ? null : "the block's checksum is wrong";
    }

    /**
     * What is no block at the end of the newest segment, and was not signed, is a tail that was never finished; a power cut
     * takes pages in any order. Where nothing is signed at all, whole blocks behind it say that it was changed.
     */
    private void tail(FileChannel file, String name, long offset, long size, String fault) throws IOException, Damage {
        byte[] rest = new byte[1 << 16];
        for (long from = statements.last() == null ? offset + 1 : size; from < size; from += rest.length - 3) {
            byte[] window = read(file, from, (int) Math.min(rest.length, size - from));
            for (int i = 0; i + 4 <= window.length; i++) {
                if (window[i] == 'H' && window[i + 1] == 'W' && window[i + 2] == 'B' && window[i + 3] == 'K'
                        && block(file, from + i, size) == null && BlockHead.of(block).block() >= at.blocks) {
                    throw new Damage(name, at.blocks, at.blocks, offset, fault, "this block was changed: whole ones stand behind it");
                }
            }
        }
        unfinished += size - offset;
        notes.add("log: " + (size - offset) + " bytes at the end of " + name + " are no whole block (" + fault
                + "): it is being written, or power or writer ended while it was");
    }

    /** Compares all 128 bytes with what they must be here. */
    private String segmentHead(byte[] head, int number) {
        if (head.length < SEGMENT_HEAD) {
            return "its head is not whole: bytes=" + head.length;
        }
        int version = little(head).getInt(8);
        if (version < 1 || version > BlockHead.NEWEST) {
            return "its format is not known here: format=" + version;
        }
        ByteBuffer want = little(new byte[SEGMENT_HEAD]);
        UUID id = UUID.fromString(store);
        want.put("HWLOGSEG".getBytes(StandardCharsets.US_ASCII)).putInt(version).putInt(SEGMENT_HEAD)
                .putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits()).putInt(number).putInt(at.open ? 1 : 0)
                .putLong(at.blocks).putLong(at.nodes).putLong(at.edges).putLong(at.objects).putLong(at.timeNs)
                .put(HexFormat.of().parseHex(at.hash));
        want.putInt(124, crc(want.array(), 124));
        int first = Arrays.mismatch(head, want.array());
        return first < 0 ? null : "its head is not what follows the segment before: byte=" + first;
    }

    private void readAnchors(List<String> texts) throws Damage {
        for (String text : texts) {
            if (text.isBlank()) {
                continue;
            }
            Line line = Line.parse(text.strip(), Statements.WORD, Statements.FORM);
            byte[] key = line == null ? null : keys.of(line.get("key"));
            if (line == null || line.get("store").equals(store) && key != null && !line.isSigned("sig", key)) {
                throw new Damage("(anchor)", -1, -1, 0, "the anchor is no signed statement", "the copy that was kept is not right");
            }
            if (!line.get("store").equals(store)) {
                throw new Damage("(anchor)", -1, -1, 0, "the anchor is of another store: store=" + line.get("store"),
                        "it is not the store that was anchored");
            }
            if (key == null) {
                throw new Damage("keys/chain", at.blocks, -1, -1, "the anchor is signed with a key that this store does not have: key="
                        + line.get("key"), "the store was put back to a state before that key, or the anchor is not of its making");
            }
            String hash = anchored.put(line.number("blocks"), line.get("hash"));
            if (hash != null && !hash.equals(line.get("hash"))) {
                throw new Damage("(anchor)", line.number("blocks") - 1, -1, 0, "two anchors say different things of one block",
                        "the store was rolled back between them, or the key was used elsewhere");
            }
        }
    }

    private void checkAnchor() throws Damage {
        String hash = anchored.get(at.blocks);
        if (hash != null && !hash.equals(at.hash)) {
            throw new Damage("log/" + name(at.segment), at.blocks - 1, at.blocks - 1, -1, "it is not the block that was anchored",
                    "this block or one before it was written anew after it had been anchored");
        }
    }

    private void end(int newest) throws Damage {
        if (!sealSizes.isEmpty() && sealSizes.lastKey() > newest) {
            throw new Damage("log/" + name(sealSizes.lastKey()), at.blocks, -1, 0, "the segment is not there", "it was signed, so it was there");
        }
        if (!anchored.isEmpty() && anchored.lastKey() > at.blocks) {
            throw new Damage("log/" + name(newest), at.blocks, anchored.lastKey() - 1, -1, "the log ends before the block that was anchored",
                    "its end was cut off, or all of it was put back to an older state");
        }
        if (keys.isEmpty()) {
            notes.add("the store has no key: nothing in it was ever signed");
        }
    }

    /** Files that nobody but Headwater has a reason to put beside the log and the keys. */
    private void strangers() throws IOException, Damage {
        int aside = 0;
        int unfinishedDrops = 0;
        for (String folder : new String[] {"log", "keys"}) {
            for (String name : Files.isDirectory(root.resolve(folder)) ? names(root.resolve(folder)) : List.<String>of()) {
                if (name.matches(ASIDE)) {
                    aside++;
                } else if (!(folder.equals("log") ? name.matches(SEGMENT + "|" + SEAL + "|" + CARRIED) || name.equals("dropped")
                        : List.of("chain", "secret.pem", "next.pem").contains(name))
                        || !Files.isRegularFile(root.resolve(folder).resolve(name), LinkOption.NOFOLLOW_LINKS)) {
                    throw new Damage(folder + "/" + name, -1, -1, 0, "this file does not belong here", "somebody put it there");
                }
                unfinishedDrops += name.matches(CARRIED) && !name.startsWith(String.format("%08d", drops.carried() == null ? 0
                        : drops.firstSegment())) ? 1 : 0;
            }
        }
        if (unfinishedDrops > 0) {
            notes.add("a drop was interrupted before or after it was signed: the next opening deletes what it left (…hwcarried)");
        }
        if (aside > 0) {
            notes.add(aside + " unfinished ends were put aside at openings (…tail-…)");
        }
    }

    /** The lines of a file, which must all be finished; {@code mayBeUnfinished}: but for the last, which is noted. None if it is not there. */
    private List<String> wholeLines(String name, boolean mayBeUnfinished) throws IOException, Damage {
        Path path = root.resolve(name);
        if (Files.notExists(path, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new Damage(name, -1, -1, 0, "it is no plain file", "somebody put it there");
        }
        Long known = name.matches("log/" + SEAL) ? sealSizes.get(Integer.parseInt(name.substring(4, 12))) : null;
        String text = new String(bytes(path, known == null ? Integer.MAX_VALUE : known), StandardCharsets.ISO_8859_1);
        int end = text.lastIndexOf('\n') + 1;
        String rest = text.substring(end);
        if (!rest.isEmpty() && (!mayBeUnfinished || isLine(rest.substring(0, rest.length() - 1)))) {
            throw new Damage(name, -1, -1, end, "its last line is not finished", "something was cut off or changed there");
        }
        if (!rest.isEmpty()) {
            unfinished += rest.length();
            notes.add(name + ": the last " + rest.length() + " bytes are no whole line: it is being written, or the writer was ended while it was");
        }
        return text.substring(0, end).lines().toList();
    }

    /** Whether this is a line of one of the files: one more byte behind it can only have been its line feed. */
    private static boolean isLine(String text) {
        return Line.parse(text, Statements.WORD, Statements.FORM) != null || Line.parse(text, Drops.WORD, Drops.FORM) != null
                || Line.parse(text, Keys.WORD, Keys.FORM) != null;
    }

    private Report report(Report.Finding damage) {
        Line last = statements == null ? null : statements.last();
        long signed = statements == null ? 0 : statements.signedBlocks();
        long unsigned = at.blocks - signed;
        return new Report(damage, store, keys == null ? List.of() : keys.ids(), segments, at.blocks, events,
                statements == null ? 0 : statements.count(), signed, last == null ? 0 : last.number("wall_ns"), unsigned,
                unsigned == 0 ? 0 : Math.max(0, at.timeNs - firstUnsignedNs), unfinished, drops == null ? null : drops.report(),
                List.copyOf(notes));
    }

    private byte[] sha256(int length) {
        java.security.MessageDigest digest = Line.sha256();
        digest.update(block, 0, length);
        return digest.digest();
    }

    private static byte[] read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining() && file.read(buffer, offset + buffer.position()) >= 0) {
            // Until it is full; what a writer cut off meanwhile reads as zero.
        }
        return buffer.array();
    }

    private static byte[] bytes(Path path, long most) throws IOException {
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return read(file, 0, (int) Math.min(most, Math.min(file.size(), Integer.MAX_VALUE - 16)));
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static String name(int segment) {
        return String.format("%08d.hwlog", segment);
    }

    private static String sealName(int segment) {
        return String.format("%08d.hwseal", segment);
    }
}
