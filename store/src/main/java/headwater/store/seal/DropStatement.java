// SPDX-License-Identifier: Apache-2.0
package headwater.store.seal;

import headwater.store.keys.KeyHolder;
import headwater.store.keys.MalformedLineException;
import headwater.store.keys.SignedLine;
import headwater.store.keys.StoreId;
import headwater.store.log.BlockHash;
import headwater.store.log.LogPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;

/**
 * A signed statement: these segments were dropped from the beginning of the log, and it goes on from here.
 *
 * <pre>
 * hwdrop1 store=UUID n=N before=HASH key=KEY seq=N first_segment=N last_segment=N first_hash=HASH blocks=N hash=HASH nodes=N edges=N
 *         objects=N time_ns=N open=N next_seq=N statement=HASH carried=HASH from_ns=N why=WHY wall_ns=N sig=BASE64   (one line)
 *
 * n              from 0
 * before         SHA-256 of the line before, without its line feed; of the first, of the store id's text
 * key            id of the key that signs
 * seq            the statement of the log that would be made next: which key was in use
 * first_segment  the first that was dropped, one more than the last of the line before
 * last_segment   the last
 * first_hash     SHA-256 of the block before the first that was dropped; of block 0, the root of the chain
 * blocks         how many blocks stood before what is left, from the first of the store
 * hash           SHA-256 of the last of them
 * nodes          how many there are in those blocks; likewise edges and objects
 * time_ns        the highest time in them
 * open           1 if a session was open after them, else 0
 * next_seq       the first statement of the log that is left
 * statement      SHA-256 of the statement before it
 * carried        SHA-256 of the file that has what is still known of them
 * from_ns        the lowest time in the blocks that this line is of
 * why            see {@link Why}
 * wall_ns        nanoseconds since the Unix epoch, by the wall clock
 * sig            Ed25519 of all before " sig="
 * </pre>
 *
 * @param text the line, without its line feed
 */
public record DropStatement(UUID store, long number, String before, String key, long sequence, Range range, long nextSequence,
        String statement, String carried, Why why, long wallNs, byte[] signature, String text) {
    public static final String WORD = "hwdrop1";

    /** What made it go. */
    public enum Why {
        /** It was older than is kept. */
        AGE,
        /** The log was larger than it may be. */
        SIZE,
        /** Somebody asked for it. */
        ASKED;

        /** As it stands in the line. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Why of(String text) throws MalformedLineException {
            for (Why why : values()) {
                if (why.text().equals(text)) {
                    return why;
                }
            }
            throw new MalformedLineException("unknown reason: why=" + text);
        }
    }

    /**
     * What is dropped by one statement.
     *
     * @param firstSegment the first segment; the last is the one before {@code end}'s
     * @param firstHash SHA-256 of the block before the first one
     * @param fromNs lowest time in it, nanoseconds since the Unix epoch
     * @param end where the log goes on: the start of a segment
     */
    public record Range(int firstSegment, String firstHash, long fromNs, LogPosition end) {
        /** The last segment of it. */
        public int lastSegment() {
            return end.segment() - 1;
        }
    }

    /** What there is to sign, but for what the signer knows: number, key, sequence, time. */
    public record Draft(Range range, long nextSequence, String statement, String carried, Why why) {
    }

    /** @throws MalformedLineException if it is none; the signature is not looked at */
    public static DropStatement parse(String text) throws MalformedLineException {
        SignedLine line = new SignedLine(text, WORD);
        UUID store = StoreId.take(line);
        long number = line.takeNumber("n");
        String before = line.takeHex("before", 32);
        String key = line.takeHex("key", 16);
        long sequence = line.takeNumber("seq");
        long first = line.takeNumber("first_segment");
        long last = line.takeNumber("last_segment");
        String firstHash = line.takeHex("first_hash", 32);
        long blocks = line.takeNumber("blocks");
        String hash = line.takeHex("hash", 32);
        long nodes = line.takeNumber("nodes");
        long edges = line.takeNumber("edges");
        long objects = line.takeNumber("objects");
        long timeNs = line.takeNumber("time_ns");
        long open = line.takeNumber("open");
        long nextSequence = line.takeNumber("next_seq");
        String statement = line.takeHex("statement", 32);
        String carried = line.takeHex("carried", 32);
        long fromNs = line.takeNumber("from_ns");
        Why why = Why.of(line.take("why"));
        long wallNs = line.takeNumber("wall_ns");
        byte[] signature = line.takeSignature("sig");
        line.end();
        if (first < 1 || last < first || last >= Integer.MAX_VALUE || open > 1) {
            throw new MalformedLineException("no range of segments: first_segment=" + first + ", last_segment=" + last + ", open=" + open);
        }
        LogPosition end = LogPosition.segmentStart((int) last + 1, blocks, nodes, edges, objects, timeNs, open == 1, BlockHash.parse(hash));
        return new DropStatement(store, number, before, key, sequence, new Range((int) first, firstHash, fromNs, end), nextSequence,
                statement, carried, why, wallNs, signature, text);
    }

    /** The statement after {@code last} (null: the first). */
    static DropStatement sign(UUID store, DropStatement last, KeyHolder key, long sequence, Draft draft, long wallNs) throws IOException {
        LogPosition end = draft.range.end;
        String message = WORD + " store=" + store + " n=" + (last == null ? 0 : last.number + 1) + " before="
                + (last == null ? Statement.root(store) : SignedLine.hash(last.text)) + " key=" + key.publicKey().id() + " seq=" + sequence
                + " first_segment=" + draft.range.firstSegment + " last_segment=" + draft.range.lastSegment() + " first_hash="
                + draft.range.firstHash + " blocks=" + end.block() + " hash=" + end.hash() + " nodes=" + end.nodes() + " edges="
                + end.edges() + " objects=" + end.objects() + " time_ns=" + end.timeNs() + " open=" + (end.sessionOpen() ? 1 : 0)
                + " next_seq=" + draft.nextSequence + " statement=" + draft.statement + " carried=" + draft.carried + " from_ns="
                + draft.range.fromNs + " why=" + draft.why.text() + " wall_ns=" + wallNs;
        byte[] signature = key.sign(message.getBytes(StandardCharsets.US_ASCII));
        try {
            return parse(message + " sig=" + Base64.getEncoder().encodeToString(signature));
        } catch (MalformedLineException e) {
            throw new IllegalStateException("a line that we wrote", e);
        }
    }

    /** What is wrong with it as the line after {@code last} (null: as the first), null if nothing is; the signature apart. */
    String fault(UUID wanted, DropStatement last) {
        if (!store.equals(wanted)) {
            return "it is of another store: store=" + store;
        }
        if (number != (last == null ? 0 : last.number + 1)
                || !before.equals(last == null ? Statement.root(store) : SignedLine.hash(last.text))
                || range.firstSegment != (last == null ? 1 : last.range.end.segment())) {
            return "it does not follow the line before: n=" + number;
        }
        return null;
    }
}
