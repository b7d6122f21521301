// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What retention dropped, from {@code log/dropped}: signed statements of it, each naming the line before. */
final class Drops {
    static final String FILE = "log/dropped";
    static final String WORD = "hwdrop1";
    static final String FORM = "store:u n:n before:h key:k seq:n first_segment:n last_segment:n first_hash:h blocks:n hash:h nodes:n"
            + " edges:n objects:n time_ns:n open:n next_seq:n statement:h carried:h from_ns:n why:w wall_ns:n sig:s";
    private static final String MEANING = "what was dropped, and that it was meant to be, cannot be told";

    private Line last;
    private long count;
    private long fromNs = Long.MAX_VALUE;
    private int torn;

    /**
     * Reads the lines; {@code root}: the hash that the first block of the store has as the one before it. A newest line that is none was
     * cut with the power: what it names was not deleted yet, or its segments are missed.
     */
    static Drops read(List<String> lines, String store, String root, Keys keys) throws Damage {
        Drops drops = new Drops();
        String before = Line.sha256(store.getBytes(StandardCharsets.US_ASCII));
        long offset = 0;
        for (String text : lines) {
            Line line = Line.parse(text, WORD, FORM);
            if (line == null && drops.count == lines.size() - 1) {
                drops.torn = text.length() + 1;
                return drops;
            }
            String fault = line == null ? "it is no line of this file" : drops.fault(line, store, before, root, keys);
            if (fault != null) {
                throw new Damage(FILE, -1, -1, offset, "line " + drops.count + ": " + fault, MEANING);
            }
            drops.last = line;
            drops.count++;
            drops.fromNs = Math.min(drops.fromNs, line.number("from_ns"));
            before = line.hash();
            offset += text.length() + 1;
        }
        return drops;
    }

    private String fault(Line line, String store, String before, String root, Keys keys) {
        if (!line.get("store").equals(store)) {
            return "it is of another store: " + line.get("store");
        }
        if (line.number("n") != count || !line.get("before").equals(before)) {
            return "it does not follow the line before";
        }
        long segment = last == null ? 1 : last.number("last_segment") + 1;
        if (line.number("first_segment") != segment || line.number("last_segment") < segment || line.number("last_segment") >= 99_999_999
                || !line.get("first_hash").equals(last == null ? root : last.get("hash"))) {
            return "it leaves out segments";
        }
        for (String grows : new String[] {"seq", "blocks", "nodes", "edges", "objects", "time_ns", "next_seq"}) {
            if (last != null && line.number(grows) < last.number(grows)) {
                return "it has less than the line before: " + grows + "=" + line.get(grows);
            }
        }
        byte[] key = keys.of(line.number("seq"));
        if (key == null || !line.get("key").equals(Keys.id(key))) {
            return "it is signed with a key that was not in use: key=" + line.get("key");
        }
        return line.isSigned("sig", key) && line.number("open") <= 1 ? null : "its signature is wrong";
    }

    /** Bytes of a newest line that a power cut left in pieces, 0 if there is none. */
    int torn() {
        return torn;
    }

    /** The segment with which the log begins now. */
    int firstSegment() {
        return last == null ? 1 : (int) last.number("last_segment") + 1;
    }

    /** SHA-256 of what is carried of what was dropped, null if nothing was. */
    String carried() {
        return last == null ? null : last.get("carried");
    }

    /** Begins after what was dropped. */
    void apply(Position at, Statements statements) {
        if (last == null) {
            return;
        }
        at.segment = firstSegment();
        at.blocks = last.number("blocks");
        at.hash = last.get("hash");
        at.nodes = last.number("nodes");
        at.edges = last.number("edges");
        at.objects = last.number("objects");
        at.timeNs = last.number("time_ns");
        at.open = last.number("open") == 1;
        statements.startAt(last.number("next_seq"), last.get("statement"), at.blocks);
    }

    /** A drop is of a time when there were statements of what it left. */
    void checkRest(long nextSequence) throws Damage {
        if (last != null && last.number("seq") > nextSequence) {
            throw new Damage(FILE, -1, -1, 0, "there were " + last.get("seq") + " statements when segments were dropped, and are "
                    + nextSequence + " now", "the newest, and the blocks that they are of, were taken out");
        }
    }

    /** What was dropped, null if nothing was. */
    Report.Drop report() {
        return last == null ? null : new Report.Drop(firstSegment() - 1, last.number("blocks"), last.number("nodes"), last.number("edges"),
                last.number("objects"), fromNs, last.number("time_ns"), count);
    }
}
