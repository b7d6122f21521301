// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/**
 * A change of what is recorded, made while the capture runs: a {@code string} node that holds what was changed and by whom, which the
 * task that asked for it wrote, and which it loaded into the machine ({@code load_policy}). If that task is not followed (it is
 * opaque, or not selected), the node stands alone, and says the same.
 *
 * @param what the change, for people
 * @param tgid the process that asked for it, in the initial pid namespace; 0 if none did, or it has ended
 * @param uid its effective user
 * @param gid its effective group
 * @param command its command line, for people; empty if it is not known
 */
public record PolicyChange(String what, int tgid, int uid, int gid, String command) {
    private static final long UNSIGNED = 0xffffffffL;

    void describe(Versions versions, int line, long timeNs) {
        text(versions, line, Attribute.VALUE, what, timeNs);
        versions.attribute(line, Attribute.UID, uid & UNSIGNED, timeNs);
        versions.attribute(line, Attribute.GID, gid & UNSIGNED, timeNs);
        if (tgid != 0) {
            versions.attribute(line, Attribute.TGID, tgid & UNSIGNED, timeNs);
        }
        if (!command.isEmpty()) {
            text(versions, line, Attribute.COMMAND, command, timeNs);
        }
    }

    private static void text(Versions versions, int line, Attribute attribute, String text, long timeNs) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        versions.attribute(line, attribute, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }
}
