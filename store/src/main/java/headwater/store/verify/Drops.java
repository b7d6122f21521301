// SPDX-License-Identifier: Apache-2.0
package headwater.store.verify;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What retention dropped, from {@code log/dropped}: signed statements of it, each naming the line before. */
final class Drops {
    private static final String FILE = "log/dropped";
    private static final String FORM = "store:u n:n before:h key:k seq:n first_segment:n last_segment:n first_hash:h blocks:n hash:h nodes:n"
            + " edges:n objects:n time_ns:n open:n next_seq:n statement:h from_ns:n to_ns:n why:w wall_ns:n sig:s";

    private Line last;

    static Drops read(List<String> lines, String store, Keys keys) throws Damage {
        Drops drops = new Drops();
        String before = Line.sha256(store.getBytes(StandardCharsets.US_ASCII));
        long offset = 0;
        for (int i = 0; i < lines.size(); i++) {
            Line line = Line.parse(lines.get(i), "hwdrop1", FORM);
            byte[] key = line == null ? null : keys.of(line.number("seq"));
            long segment = drops.last == null ? 1 : drops.last.number("last_segment") + 1;
            String fault = line == null ? "it is no line of this file"
                    : !line.get("store").equals(store) ? "it is of another store: " + line.get("store")
                    : line.number("n") != i || !line.get("before").equals(before) ? "it does not follow the line before"
                    : line.number("first_segment") != segment || line.number("last_segment") < segment ? "it leaves out segments"
                    : key == null || !line.get("key").equals(Keys.id(key)) ? "it is signed with a key that was not in use"
                    : line.isSigned("sig", key) ? null : "its signature is wrong";
            if (fault != null) {
                throw new Damage(FILE, -1, -1, offset, "line " + i + ": " + fault, "what was dropped, and that it was meant to be, cannot be told");
            }
            drops.last = line;
            before = line.hash();
            offset += lines.get(i).length() + 1;
        }
        return drops;
    }

    /** Begins after what was dropped. */
    void apply(Position at, Statements statements, List<String> notes) {
        if (last == null) {
            return;
        }
        at.segment = (int) last.number("last_segment") + 1;
        at.blocks = last.number("blocks");
        at.hash = last.get("hash");
        at.nodes = last.number("nodes");
        at.edges = last.number("edges");
        at.objects = last.number("objects");
        at.timeNs = last.number("time_ns");
        at.open = last.number("open") == 1;
        statements.startAt(last.number("next_seq"), last.get("statement"));
        notes.add("segments 1 to " + last.get("last_segment") + " (blocks 0 to " + (at.blocks - 1) + ") were dropped by retention, as signed");
    }

    /** A drop is of a time when there was such a statement. */
    void checkRest(long nextSequence) throws Damage {
        if (last != null && last.number("seq") >= nextSequence) {
            throw new Damage(FILE, -1, -1, 0, "segments were dropped after statement " + last.get("seq") + ", which is not there",
                    "newer statements, and the blocks that they are of, were taken out");
        }
    }

    long blocks() {
        return last == null ? 0 : last.number("blocks");
    }
}
