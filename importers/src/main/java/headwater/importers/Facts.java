// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.model.StatementChunk.Dialect;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * What the graph's own words make of one statement.
 *
 * @param kind of a node, null for an edge
 * @param relation of an edge, null for a node
 * @param cause the identifier of the end that information flows out of, null if the statement names none
 * @param effect the other end
 * @param causeClass what an end is that nothing else is said of
 * @param timeNs nanoseconds since the Unix epoch; {@link #NO_TIME}
 * @param clock the source's own counter, by which its statements are ordered; 0 if it has none
 * @param flags of an edge
 * @param offset of an edge, -1 for none
 */
record Facts(NodeKind kind, Relation relation, String cause, String effect, ProvClass causeClass, ProvClass effectClass,
        long timeNs,
        long clock, long flags, long offset) {
    static final long NO_TIME = Long.MIN_VALUE;

    private static final DateTimeFormatter CAMFLOW_DATE = DateTimeFormatter.ofPattern("uuuu:MM:dd'T'HH:mm:ss");
    private static final long NS_PER_SECOND = 1_000_000_000;
    private static final long NS_PER_JIFFY = 4_000_000;
    /** Names that CamFlow has changed, and SPADE's names of what PROV calls otherwise. */
    private static final Map<String, NodeKind> OLD_KINDS = Map.of("file_name", NodeKind.PATH, "fifo", NodeKind.PIPE);
    private static final Map<String, String> SPADE_EDGES = Map.of("WasTriggeredBy", "wasInformedBy", "WasControlledBy",
            "wasAssociatedWith", "Used", "used", "WasGeneratedBy", "wasGeneratedBy", "WasDerivedFrom",
            "wasDerivedFrom");

    /** A node or edge; null if the section is neither. */
    static Facts of(Dialect dialect, String section, JsonBody body) {
        return dialect == Dialect.SPADE ? spade(section, body) : provJson(section, body);
    }

    private static Facts provJson(String section, JsonBody body) {
        long timeNs = time(body, "cf:");
        ProvClass provClass = ProvSection.nodes(section);
        if (provClass != null) {
            return node(kind(body.text("prov:type"), provClass), timeNs, body.number("cf:id", 0));
        }
        ProvSection relation = ProvSection.of(section);
        if (relation == null) {
            return null;
        }
        return new Facts(null, relation(body.text("prov:type"), relation), body.text(relation.causeKey()),
                body.text(relation.effectKey()),
                relation.causeClass(), relation.effectClass(), timeNs, body.number("cf:id", 0),
                hex(body.text("cf:flags")),
                Math.max(body.number("cf:offset", -1), -1));
    }

    private static Facts spade(String type, JsonBody record) {
        JsonBody body = record.object("annotations") == null ? new JsonBody(Map.of()) : record.object("annotations");
        long timeNs = time(body, "");
        if (record.text("from") == null || record.text("to") == null) {
            ProvClass provClass = switch (type) {
                case "Activity", "Process" -> ProvClass.ACTIVITY;
                case "Agent" -> ProvClass.AGENT;
                default -> ProvClass.ENTITY;
            };
            return node(kind(body.text("object_type"), provClass), timeNs, body.number("object_id", 0));
        }
        String section = SPADE_EDGES.getOrDefault(type, Character.toLowerCase(type.charAt(0)) + type.substring(1));
        ProvSection relation = ProvSection.of(section) == null ? ProvSection.WAS_INFLUENCED_BY
                : ProvSection.of(section);
        return new Facts(null, relation(body.text("relation_type"), relation), record.text("to"), record.text("from"),
                relation.causeClass(), relation.effectClass(), timeNs, body.number("relation_id", 0),
                hex(body.text("flags")),
                Math.max(body.number("offset", -1), -1));
    }

    private static Facts node(NodeKind kind, long timeNs, long clock) {
        return new Facts(kind, null, null, null, null, null, timeNs, clock, 0, -1);
    }

    private static NodeKind kind(String type, ProvClass provClass) {
        NodeKind kind = type == null ? null : NodeKind.ofText(type);
        kind = kind == null && type != null ? OLD_KINDS.get(type) : kind;
        boolean ours = kind != null && kind != NodeKind.STATEMENTS
                && (kind.provClass() == provClass || kind == NodeKind.MACHINE && provClass == ProvClass.ENTITY);
        return ours ? kind : ProvSection.generic(provClass);
    }

    private static Relation relation(String type, ProvSection section) {
        Relation relation = type == null ? null : Relation.ofText(type);
        return relation != null && !relation.isGeneric() && relation.relationClass().section().equals(section.text())
                ? relation
                : section.generic();
    }

    private static long hex(String text) {
        return text == null ? 0 : JsonBody.parse(text.startsWith("0x") ? text : "0x" + text, 0);
    }

    private static long time(JsonBody body, String prefix) {
        String date = body.text("cf:date");
        if (date != null) {
            return camflow(date, body.number("cf:jiffies", body.number(prefix + "jiffies", -1)));
        }
        for (String key : new String[] {"prov:time", "prov:startTime", "prov:endTime", "hw:time", "time",
                "event time"}) {
            long timeNs = parse(body.text(key));
            if (timeNs != NO_TIME) {
                return timeNs;
            }
        }
        return NO_TIME;
    }

    /** CamFlow's date has whole seconds; Headwater's jiffies are ticks of 4 ms since the epoch, and say it closer. */
    private static long camflow(String date, long jiffies) {
        try {
            long second = LocalDateTime.parse(date, CAMFLOW_DATE).toEpochSecond(ZoneOffset.UTC);
            if (Math.abs(second) > Long.MAX_VALUE / NS_PER_SECOND) {
                return NO_TIME;
            }
            return jiffies > 0 && jiffies / (NS_PER_SECOND / NS_PER_JIFFY) == second ? jiffies * NS_PER_JIFFY
                    : second * NS_PER_SECOND;
        } catch (DateTimeException e) {
            return NO_TIME;
        }
    }

    /** An xsd:dateTime, or seconds since the epoch with a fraction. */
    static long parse(String text) {
        if (text == null || text.isEmpty()) {
            return NO_TIME;
        }
        try {
            if (text.length() < 24 && Character.isDigit(text.charAt(0)) && text.chars().allMatch(c -> c == '.'
                    || c >= '0' && c <= '9')) {
                return new BigDecimal(text).movePointRight(9).toBigInteger().longValueExact();
            }
            Instant instant = text.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})") ? OffsetDateTime.parse(text).toInstant()
                    : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
            return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), NS_PER_SECOND), instant.getNano());
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            return NO_TIME;
        }
    }
}
