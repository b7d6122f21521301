// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.Attribute;
import headwater.model.NodeKind;
import headwater.model.StatementChunk.Dialect;
import headwater.model.StatementChunk.Statement;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Those of a statement's attributes that the graph has words for, so that questions find them. All of them are in the
 * statement.
 */
final class AttributeFacts {
    private static final Map<String, Attribute> NAMES = new HashMap<>();
    private static final int MAX_BYTES = 1 << 16;

    static {
        for (Attribute attribute : new Attribute[] {Attribute.PID, Attribute.VPID, Attribute.TGID, Attribute.PPID,
                Attribute.UID,
                Attribute.GID, Attribute.EUID, Attribute.EGID, Attribute.UTSNS, Attribute.IPCNS, Attribute.MNTNS,
                Attribute.PIDNS,
                Attribute.NETNS, Attribute.CGROUPNS, Attribute.SECCTX, Attribute.MODE, Attribute.INO, Attribute.SIZE,
                Attribute.VALID,
                Attribute.NAME, Attribute.PATHNAME, Attribute.VALUE, Attribute.COMMAND, Attribute.EXIT_STATUS,
                Attribute.PROTOCOL,
                Attribute.FAMILY, Attribute.LOCAL_ADDRESS, Attribute.REMOTE_ADDRESS, Attribute.CONTAINER,
                Attribute.CGROUP}) {
            NAMES.put(attribute.text(), attribute);
        }
        NAMES.put("uuid", Attribute.FS_UUID);
        NAMES.put("u_sysname", Attribute.SYSNAME);
        NAMES.put("u_nodename", Attribute.NODENAME);
        NAMES.put("u_release", Attribute.RELEASE);
        NAMES.put("u_version", Attribute.KERNEL_VERSION);
        NAMES.put("u_machine", Attribute.HARDWARE);
        NAMES.put("u_domainname", Attribute.DOMAINNAME);
        NAMES.put("log", Attribute.VALUE);
        NAMES.put("path", Attribute.NAME);
        NAMES.put("command line", Attribute.COMMAND);
    }

    private AttributeFacts() {
    }

    /** Numbers as {@link Long}, the others as bytes. */
    static Map<Attribute, Object> of(Statement statement, NodeKind kind) {
        Map<Attribute, Object> facts = new EnumMap<>(Attribute.class);
        JsonBody whole = JsonBody.of(statement.body());
        JsonBody body = statement.dialect() == Dialect.SPADE && whole.object("annotations") != null
                ? whole.object("annotations") : whole;
        boolean ours = kind.code() < NodeKind.ACTIVITY.code();
        body.members().forEach((key, value) -> put(facts, body, key, ours));
        if (kind == NodeKind.ADDRESS) {
            address(facts, body.object("cf:address") == null ? body : body.object("cf:address"));
        } else if (kind == NodeKind.PACKET) {
            ends(facts, body);
        } else if (!ours && !facts.containsKey(Attribute.NAME)) {
            String label = body.text("prov:label");
            text(facts, Attribute.NAME, label == null ? statement.id() : label);
        }
        return facts;
    }

    private static void put(Map<Attribute, Object> facts, JsonBody body, String key, boolean ours) {
        String bare = key.startsWith("cf:") ? key.substring(3) : key;
        String value = body.text(key);
        Attribute attribute = NAMES.get(bare.toLowerCase(Locale.ROOT));
        if (value == null) {
            return;
        }
        if (bare.equals("taint") && ours) {
            facts.put(Attribute.TAINT, JsonBody.parse("0x" + value, 0));
        } else if (bare.equals("truncated")) {
            facts.put(Attribute.TRUNCATED, value.equals("true") ? 1L : 0L);
        } else if (attribute != null && attribute.isBytes()) {
            text(facts, attribute, value);
        } else if (attribute != null) {
            long number = JsonBody.parse(value, Long.MIN_VALUE);
            if (number != Long.MIN_VALUE) {
                facts.put(attribute, number);
            }
        }
    }

    private static void address(Map<Attribute, Object> facts, JsonBody address) {
        String type = address.text("type");
        String host = address.text("host");
        if (type == null) {
            return;
        }
        long family = switch (type) {
            case "AF_UNIX" -> 1;
            case "AF_INET" -> 2;
            case "AF_INET6" -> 10;
            default -> JsonBody.parse(type, 0);
        };
        facts.put(Attribute.FAMILY, family);
        String text = family == 1 ? address.text("path") : host == null || family != 2 && family != 10 ? null
                : (family == 10 ? "[" + host + "]" : host) + ":" + address.text("service");
        text(facts, Attribute.REMOTE_ADDRESS, text);
    }

    private static void ends(Map<Attribute, Object> facts, JsonBody body) {
        String prefix = body.text("cf:sender") == null ? "" : "cf:";
        text(facts, Attribute.LOCAL_ADDRESS, body.text(prefix + "sender"));
        text(facts, Attribute.REMOTE_ADDRESS, body.text(prefix + "receiver"));
    }

    private static void text(Map<Attribute, Object> facts, Attribute attribute, String text) {
        if (text != null && !text.isEmpty()) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            facts.put(attribute, bytes.length <= MAX_BYTES ? bytes : java.util.Arrays.copyOf(bytes, MAX_BYTES));
        }
    }
}
