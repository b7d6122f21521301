// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The exports of several machines ({@code --format w3c}), laid on top of each other: what has one identifier is one node, and
 * nothing else joins them.
 */
final class UnitedExports {
    private static final long PACKET = 0x2000_0000_0002_0000L;
    private static final Pattern NODE = Pattern.compile("\"(cf:[A-Za-z0-9+/=]{44})\":\\{(?=[^{}]*\"cf:name\":\"([^\"]*)\")");
    private static final Pattern EDGE = Pattern.compile(
            "\"prov:(usedEntity|activity|entity|informant)\":\"(cf:[^\"]*)\",\\s*"
            + "\"prov:(generatedEntity|entity|activity|informed)\":\"(cf:[^\"]*)\"");

    private final boolean packetsOnly;
    private final Map<String, Set<String>> causes = new HashMap<>();
    private final Map<String, Set<String>> byName = new HashMap<>();
    private final Map<String, Set<String>> packets = new HashMap<>();

    /**
     * @param packetsOnly true if the exports are of one machine, so that their other nodes' identifiers say nothing
     */
    UnitedExports(boolean packetsOnly) {
        this.packetsOnly = packetsOnly;
    }

    /** Lays the export of one machine, called {@code machine}, on the others. */
    void add(String machine, Path export) throws IOException {
        String json = Files.readString(export);
        Matcher node = NODE.matcher(json);
        while (node.find()) {
            byName.computeIfAbsent(machine + ":" + node.group(2), key -> new HashSet<>()).add(id(machine, node.group(1)));
        }
        Matcher edge = EDGE.matcher(json);
        while (edge.find()) {
            causes.computeIfAbsent(id(machine, edge.group(4)), key -> new HashSet<>()).add(id(machine, edge.group(2)));
            for (String id : new String[] {edge.group(2), edge.group(4)}) {
                if (isPacket(id)) {
                    packets.computeIfAbsent(machine, key -> new HashSet<>()).add(id);
                }
            }
        }
    }

    private String id(String machine, String id) {
        return packetsOnly && !isPacket(id) ? machine + " " + id : id;
    }

    private static boolean isPacket(String id) {
        byte[] bytes = Base64.getDecoder().decode(id.substring("cf:".length()));
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong() == PACKET;
    }

    /** How many packets both machines know. */
    int packetsInCommon(String one, String other) {
        Set<String> common = new HashSet<>(packets.getOrDefault(one, Set.of()));
        common.retainAll(packets.getOrDefault(other, Set.of()));
        return common.size();
    }

    /** True if some version of the file {@code effect} comes from one of {@code cause}; both {@code MACHINE:PATH}. */
    boolean comesFrom(String effect, String cause) {
        Set<String> wanted = byName.getOrDefault(cause, Set.of());
        Set<String> seen = new HashSet<>(byName.getOrDefault(effect, Set.of()));
        Deque<String> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            String next = open.pop();
            if (wanted.contains(next)) {
                return true;
            }
            for (String before : causes.getOrDefault(next, Set.of())) {
                if (seen.add(before)) {
                    open.push(before);
                }
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return "named=" + byName.keySet().stream().filter(name -> name.contains("sink") || name.contains("source")).toList()
                + ", effects=" + causes.size() + ", packets=" + packets;
    }
}
