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
 * A signed statement: this store's log has so many blocks, and this is the hash of the last. By the chain it is a
 * statement of every byte of them.
 *
 * <pre>
 * hwseal1 kind=KIND store=UUID seq=N before=HASH key=KEY segment=N blocks=N hash=HASH nodes=N edges=N objects=N
 *         boot=UUID up_ms=N wall_ns=N sig=BASE64                                        (one line)
 *
 * kind     see {@link Kind}
 * seq      from 0, over all segments
 * before   SHA-256 of the line before, without its line feed; of the first, of the store id's text
 * key      id of the key that signs
 * segment  in which the last of these blocks stands
 * blocks   how many blocks there are, from the first of the store
 * hash     SHA-256 of the last of them; of none, what the first would hold as the hash before it
 * nodes    how many there are in those blocks; likewise edges and objects
 * boot     /proc/sys/kernel/random/boot_id
 * up_ms    since that boot
 * wall_ns  nanoseconds since the Unix epoch, by the wall clock
 * sig      Ed25519 of all before " sig="
 * </pre>
 *
 * @param text the line, without its line feed
 */
public record Statement(Kind kind, UUID store, long sequence, String before, String key, int segment, long blocks, String hash,
        long nodes, long edges, long objects, UUID boot, long upMs, long wallNs, byte[] signature, String text) {
    public static final String WORD = "hwseal1";

    /** Why a statement was made. */
    public enum Kind {
        /** Signing began; what the log has by then was not signed before. */
        FIRST,
        /** Time has passed, and there is something new. */
        HEAD,
        /** A segment is finished; the blocks are those up to its end. */
        SEGMENT,
        /** The store was opened, and had blocks that no statement covered: the writer before was killed, or could not sign. */
        FOUND,
        /** The store is closed in order. */
        STOP;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String text) throws MalformedLineException {
            for (Kind kind : values()) {
                if (kind.text().equals(text)) {
                    return kind;
                }
            }
            throw new MalformedLineException("unknown kind of statement: kind=" + text);
        }
    }

    /** When it is made. */
    record Moment(UUID boot, long upMs, long wallNs) {
    }

    /** @throws MalformedLineException if it is none; the signature is not looked at */
    public static Statement parse(String text) throws MalformedLineException {
        SignedLine line = new SignedLine(text, WORD);
        Kind kind = Kind.of(line.take("kind"));
        UUID store = StoreId.take(line);
        long sequence = line.takeNumber("seq");
        String before = line.takeHex("before", 32);
        String key = line.takeHex("key", 16);
        long segment = line.takeNumber("segment");
        long blocks = line.takeNumber("blocks");
        String hash = line.takeHex("hash", 32);
        long nodes = line.takeNumber("nodes");
        long edges = line.takeNumber("edges");
        long objects = line.takeNumber("objects");
        UUID boot = StoreId.takeUuid(line, "boot");
        long upMs = line.takeNumber("up_ms");
        long wallNs = line.takeNumber("wall_ns");
        byte[] signature = line.takeSignature("sig");
        line.end();
        if (segment < 1 || segment > Integer.MAX_VALUE) {
            throw new MalformedLineException("no segment: segment=" + segment);
        }
        return new Statement(kind, store, sequence, before, key, (int) segment, blocks, hash, nodes, edges, objects, boot, upMs,
                wallNs, signature, text);
    }

    /** What {@code before} of the first statement is. */
    static String root(UUID store) {
        return SignedLine.hash(store.toString());
    }

    /** The statement after {@code last} (null: the first) of the log up to {@code at}. */
    static Statement sign(Kind kind, UUID store, Statement last, KeyHolder key, LogPosition at, Moment now) throws IOException {
        BlockHash hash = at.hash();
        String message = WORD + " kind=" + kind.text() + " store=" + store + " seq=" + (last == null ? 0 : last.sequence + 1) + " before="
                + (last == null ? root(store) : SignedLine.hash(last.text)) + " key=" + key.publicKey().id() + " segment=" + at.segment()
                + " blocks=" + at.block() + " hash=" + hash + " nodes=" + at.nodes() + " edges=" + at.edges() + " objects="
                + at.objects() + " boot=" + now.boot + " up_ms=" + now.upMs + " wall_ns=" + now.wallNs;
        byte[] signature = key.sign(message.getBytes(StandardCharsets.US_ASCII));
        try {
            return parse(message + " sig=" + Base64.getEncoder().encodeToString(signature));
        } catch (MalformedLineException e) {
            throw new IllegalStateException("a line that we wrote", e);
        }
    }
}
