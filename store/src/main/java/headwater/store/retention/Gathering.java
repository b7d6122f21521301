// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.GraphSink;
import headwater.model.IgnoringSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Works out what has to be carried of a range of the log that is about to be dropped, and of what was carried from before it: whatever the
 * rest speaks of, whatever a capture that runs may speak of, and the files that were there to be met again. The range is read twice, or
 * three times if programs told of something in it. For one thread.
 */
final class Gathering {
    private final LogReader log;
    private final LogPosition start;
    private final LogPosition end;
    private final Carried before;
    private final Spoken spoken;
    private final BooleanSupplier stop;
    private final Carried carried = new Carried();
    private final Map<Long, Carried.Version> found = new HashMap<>();
    /** Of objects that were carried before: how many versions they have got since, and the newest. */
    private final Map<Long, Integer> olderVersions = new HashMap<>();
    private final Map<Long, Long> olderNewest = new HashMap<>();
    private final Map<Long, Boolean> olderDeleted = new HashMap<>();
    private final Map<Long, Long> tellers = new HashMap<>();
    private DroppedObjects objects;
    private BitSet caused;
    private BitSet causing;
    private final Map<Long, Integer> olderFlags = new HashMap<>();
    private final List<Session> sessions = new ArrayList<>();
    private final List<Gap> gaps = new ArrayList<>();
    private long fromNs = Long.MAX_VALUE;

    private Gathering(LogReader log, LogPosition start, LogPosition end, Carried before, Spoken spoken, BooleanSupplier stop) {
        this.stop = stop;
        this.log = log;
        this.start = start;
        this.end = end;
        this.before = before;
        this.spoken = spoken;
    }

    /** What was gathered, and the lowest time in the range. */
    record Gathered(Carried carried, long fromNs) {
    }

    /**
     * Gathers.
     *
     * @param end where the log will begin; it begins at {@link LogReader#start} now
     * @param before what was carried until now
     * @param spoken of what the rest of the log speaks, and what is in use
     * @param stop true to end early, with a part
     */
    static Gathered gather(LogReader log, LogPosition end, Carried before, Spoken spoken, BooleanSupplier stop) {
        return new Gathering(log, log.start(), end, before, spoken, stop).gather();
    }

    private Gathered gather() {
        Set<Long> wanted;
        do {
            readGraph();
            wanted = wanted();
        } while (needsTellers(wanted));
        for (long object : wanted) {
            take(object);
        }
        found.forEach((node, version) -> {
            if (spoken.nodes.contains(node) && carried.objects.containsKey(version.object())) {
                takeNode(node, version);
            }
        });
        lacks();
        log.replay(start, at -> at.block() < end.block() && !stop.getAsBoolean(), new Values());
        sessions();
        return new Gathered(carried, fromNs);
    }

    private void readGraph() {
        objects = new DroppedObjects(start);
        caused = new BitSet();
        causing = new BitSet();
        for (Map<Long, ?> map : List.of(found, olderVersions, olderNewest, olderDeleted, olderFlags, tellers)) {
            map.clear();
        }
        sessions.clear();
        sessions.addAll(before.sessions);
        gaps.clear();
        gaps.addAll(before.gaps);
        before.nodes.forEach((node, version) -> {
            found.put(node, version);
            olderVersions.merge(version.object(), 1, Integer::sum);
            olderNewest.merge(version.object(), node, Math::max);
        });
        before.objects.forEach((object, thing) -> {
            if (thing.values.get(Attribute.DISCLOSED_BY) instanceof Long teller) {
                tellers.put(object, teller);
            }
        });
        log.replay(start, at -> at.block() < end.block() && !stop.getAsBoolean(), new Graph());
    }

    /** The objects that are carried. */
    private Set<Long> wanted() {
        Set<Long> wanted = new HashSet<>();
        spoken.objects.each(wanted::add);
        spoken.nodes.each(node -> {
            Carried.Version version = found.get(node);
            if (version != null) {
                wanted.add(version.object());
            }
        });
        before.objects.forEach((object, thing) -> {
            boolean deleted = olderDeleted.getOrDefault(object, thing.values.get(Attribute.DELETED) instanceof Long value && value != 0);
            if (lasts(thing.kind) && !deleted) {
                wanted.add(object);
            }
        });
        for (long object = objects.first(); object < objects.end(); object++) {
            if (lasts(objects.kind(object)) && !objects.isDeleted(object)) {
                wanted.add(object);
            }
        }
        wanted.removeIf(object -> !objects.has(object) && !before.objects.containsKey(object));
        return wanted;
    }

    /** What can be met again by a capture of another boot. */
    private static boolean lasts(NodeKind kind) {
        return switch (kind) {
            case FILE, DIRECTORY, LINK, CHAR, BLOCK -> true;
            default -> false;
        };
    }

    /** Who told of an object has to be known with it; true if somebody was added. */
    private boolean needsTellers(Set<Long> wanted) {
        boolean more = false;
        for (long object : wanted) {
            Long teller = tellers.get(object);
            if (teller != null && teller >= 0 && teller < end.nodes() && !found.containsKey(teller) && !spoken.nodes.contains(teller)) {
                spoken.nodes.add(teller);
                more = true;
            }
        }
        return more;
    }

    private void take(long object) {
        boolean older = before.objects.containsKey(object);
        Carried.Thing thing = new Carried.Thing(older ? before.objects.get(object).kind : objects.kind(object));
        if (older) {
            thing.values.putAll(before.objects.get(object).values);
        }
        carried.objects.put(object, thing);
        long newest = objects.has(object) ? objects.newestNode(object) : olderNewest.getOrDefault(object, -1L);
        Carried.Version newestVersion = objects.has(object) ? objects.newest(object, 0) : found.get(newest);
        takeNode(newest, newestVersion);
    }

    private void takeNode(long node, Carried.Version version) {
        if (version != null) {
            carried.nodes.put(node, new Carried.Version(version.object(), version.version(), version.timeNs(), flags(node)));
        }
    }

    private int flags(long node) {
        Carried.Version old = before.nodes.get(node);
        int row = (int) (node - start.nodes());
        int flags = row < 0 ? olderFlags.getOrDefault(node, 0)
                : (caused.get(row) ? CarriedFormat.LACKS_CAUSES : 0) | (causing.get(row) ? CarriedFormat.LACKS_EFFECTS : 0);
        return old == null ? flags : flags | old.flags();
    }

    /** Which of the objects had versions that are not carried. */
    private void lacks() {
        Map<Long, Integer> kept = new HashMap<>();
        carried.nodes.values().forEach(version -> kept.merge(version.object(), 1, Integer::sum));
        carried.objects.forEach((object, thing) -> {
            int versions = olderVersions.getOrDefault(object, 0) + (objects.has(object) ? objects.versions(object) : 0);
            boolean lacked = before.objects.containsKey(object) && before.objects.get(object).lacksVersions;
            thing.lacksVersions = lacked || versions > kept.getOrDefault(object, 0);
        });
    }

    private void sessions() {
        Map<String, Integer> boots = new LinkedHashMap<>(before.boots);
        carried.lastSession = before.lastSession;
        for (Session session : sessions) {
            boots.putIfAbsent(session.bootId(), session.bootNumber());
            carried.lastSession = Math.max(carried.lastSession, session.number());
        }
        carried.boots.putAll(boots);
        carried.objects.values().forEach(thing -> {
            if (thing.values.get(Attribute.IMPORTED) instanceof Long number && number > 0) {
                spoken.importedIn.add(number);
            }
        });
        Session open = end.sessionOpen() && !sessions.isEmpty() ? sessions.getLast() : null;
        for (Session session : sessions) {
            if (session == open || session.isImported() && spoken.importedIn.contains(session.number())) {
                carried.sessions.add(session);
            }
        }
        for (Gap gap : gaps) {
            boolean lasting = gap.lasting() || gap.cause() == Gap.Cause.CAUSE_MISSING;
            if (open != null && lasting && gap.toNs() >= open.startNs()) {
                carried.gaps.add(gap);
            }
        }
    }

    private static boolean flows(Relation relation) {
        return !relation.isTelling() && relation != Relation.NAMED;
    }

    /** Hears nodes and edges, sessions and gaps, and which files were deleted. */
    private final class Graph implements GraphSink {
        @Override
        public void sessionStart(Session session) {
            sessions.add(session);
            fromNs = Math.min(fromNs, session.startNs());
        }

        @Override
        public void sessionEnd(long timeNs) {
            if (!sessions.isEmpty()) {
                sessions.set(sessions.size() - 1, sessions.getLast().withEnd(timeNs));
            }
        }

        @Override
        public void node(long node, long object, int version, NodeKind kind, long timeNs) {
            fromNs = Math.min(fromNs, timeNs);
            if (object >= start.objects()) {
                objects.node(node, object, version, kind, timeNs);
            } else {
                olderVersions.merge(object, 1, Integer::sum);
                olderNewest.put(object, node);
                found.put(node, new Carried.Version(object, version, timeNs, 0));
            }
            if (spoken.nodes.contains(node)) {
                found.put(node, new Carried.Version(object, version, timeNs, 0));
            }
        }

        @Override
        public void edge(long edge, Relation relation, long cause, long effect, long timeNs, long task, long flags, long offset) {
            fromNs = Math.min(fromNs, timeNs);
            if (flows(relation)) {
                mark(effect, caused, CarriedFormat.LACKS_CAUSES);
                mark(cause, causing, CarriedFormat.LACKS_EFFECTS);
            }
        }

        private void mark(long node, BitSet own, int flag) {
            if (node >= start.nodes()) {
                own.set((int) (node - start.nodes()));
            } else {
                olderFlags.merge(node, flag, (a, b) -> a | b);
            }
        }

        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            if (attribute == Attribute.DELETED) {
                if (objects.has(object)) {
                    objects.deleted(object, value != 0);
                } else {
                    olderDeleted.put(object, value != 0);
                }
            } else if (attribute == Attribute.DISCLOSED_BY) {
                tellers.put(object, value);
            }
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
            // Heard the second time.
        }

        @Override
        public void gap(Gap gap) {
            gaps.add(gap);
        }
    }

    /** Hears the values of what is carried. */
    private final class Values extends IgnoringSink {
        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            Carried.Thing thing = carried.objects.get(object);
            if (thing != null) {
                thing.values.put(attribute, value);
            }
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
            Carried.Thing thing = carried.objects.get(object);
            if (thing != null) {
                thing.values.put(attribute, bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }
}
