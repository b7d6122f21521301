// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Walks the statements in {@code log/NNNNNNNN.hwseal} beside the blocks that they are of. Each names the hash of the line
 * before it, so one right signature holds for all lines before it too: the last of each file, and the last of each key,
 * are looked at.
 */
final class Statements {
    static final String FORM = "kind:w store:u seq:n before:h key:k segment:n blocks:n hash:h nodes:n edges:n objects:n boot:u"
            + " up_ms:n wall_ns:n sig:s";
    static final String WORD = "hwseal1";

    private final Keys keys;
    private final String store;
    private String file;
    private List<String> lines;
    private int next;
    private long offset;
    private long sequence;
    private String before;
    private Line pending;
    /** The newest that was right, null if there was none yet. */
    private Line last;
    private long count;
    /** Blocks that were dropped, as signed. */
    private long dropped;

    Statements(Keys keys, String store) {
        this.keys = keys;
        this.store = store;
        before = Line.sha256(store.getBytes(StandardCharsets.US_ASCII));
    }

    /** The statements before {@code first} were dropped; {@code hash} is that of the last of them. */
    void startAt(long first, String hash, long blocks) {
        sequence = first;
        before = hash;
        dropped = blocks;
    }

    /** The number of the statement that would be next. */
    long nextSequence() {
        return sequence;
    }

    /** Goes on with the statements of a segment. */
    void begin(String name, List<String> whole, int segment, Position at) throws Damage {
        file = name;
        lines = whole;
        next = 0;
        offset = 0;
        take(segment, at);
    }

    /** Checks the statements that are of the log up to {@code at}, and reads on to the next. */
    void check(int segment, Position at) throws Damage {
        while (pending != null && pending.number("blocks") == at.blocks) {
            if (!pending.get("hash").equals(at.hash) || pending.number("nodes") != at.nodes || pending.number("edges") != at.edges
                    || pending.number("objects") != at.objects || pending.number("segment") != segment) {
                requireSigned();
                throw new Damage("log/" + String.format("%08d.hwlog", segment), signedBlocks(), Math.max(signedBlocks(), at.blocks - 1), -1,
                        "these blocks are not those that were signed: statement=" + pending.get("seq"),
                        "one of them was changed after it was signed, and those behind it made to fit");
            }
            last = pending;
            count++;
            take(segment, at);
        }
        if (pending != null && pending.number("blocks") < at.blocks) {
            requireSigned();
            throw damage("it is of fewer blocks than the one before, or the segment: blocks=" + pending.get("blocks"));
        }
    }

    /** The segment ends here, or cannot be read on: no statement may be left. {@code fault}: why, null for an end. */
    void end(Position at, String logFile, long logOffset, String fault) throws Damage {
        if (pending != null) {
            requireSigned();
            throw new Damage(logFile, fault == null ? signedBlocks() : at.blocks, at.blocks, logOffset, fault == null ? "the file ends here" : fault,
                    "it was signed (statement " + pending.get("seq") + " is of " + pending.get("blocks")
                    + " blocks), so it was there, whole: it was cut off or changed");
        }
    }

    long signedBlocks() {
        return last == null ? dropped : last.number("blocks");
    }

    Line last() {
        return last;
    }

    long count() {
        return count;
    }

    private void take(int segment, Position at) throws Damage {
        if (next == lines.size()) {
            pending = null;
            return;
        }
        String text = lines.get(next);
        Line line = Line.parse(text, WORD, FORM);
        if (line == null) {
            throw damage("it is no line of this file");
        }
        byte[] key = keys.of(sequence);
        if (!line.get("store").equals(store)) {
            throw damage("it is of another store: " + line.get("store"));
        }
        if (line.number("seq") != sequence || !line.get("before").equals(before)) {
            throw damage("it does not follow the statement before: is=" + line.get("seq") + ", want=" + sequence);
        }
        if (key == null || !line.get("key").equals(Keys.id(key))) {
            throw damage("it is signed with a key that was not in use: key=" + line.get("key"));
        }
        boolean lastOfKey = next == lines.size() - 1 || keys.of(sequence + 1) != key;
        if (lastOfKey && !line.isSigned("sig", key)) {
            throw damage("its signature is wrong");
        }
        pending = line;
        before = line.hash();
        sequence++;
        next++;
        offset += text.length() + 1;
        if (line.number("blocks") < at.blocks) {
            check(segment, at);
        }
    }

    /** Before a block is said to be wrong: the statement against it has to be right by itself. */
    private void requireSigned() throws Damage {
        long number = pending.number("seq");
        if (!pending.isSigned("sig", keys.of(number))) {
            sequence = number;
            throw damage("its signature is wrong");
        }
    }

    private Damage damage(String what) {
        return new Damage(file, signedBlocks(), -1, offset, "statement " + sequence + ": " + what,
                "statements were changed, exchanged or taken out; the blocks after " + signedBlocks() + " are not signed by it");
    }
}
