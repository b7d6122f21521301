// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.Attribute;
import headwater.model.DisclosedFlags;
import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Draws what programs tell of themselves, at their own process, and marked as told: {@code docs/disclosure.md} says how. What is told
 * makes versions as what is seen does, so no cycle can come of it, but it changes nothing of what the kernel side knows.
 *
 * <p>Used by the thread that hands over the records.
 */
public final class Disclosures {
    /** A program that tells: one process, for as long as it stays connected and runs the same program as the same user. */
    public static final class Teller {
        private final int tgid;
        private final long startedNs;
        private final long program;
        private final Map<String, Integer> named = new HashMap<>();

        private Teller(int tgid, long startedNs, long program) {
            this.tgid = tgid;
            this.startedNs = startedNs;
            this.program = program;
        }
    }

    /** How many nodes one teller may speak of at a time. */
    public static final int NAMES_MAX = 4096;

    private final Versions versions;
    private final Participants participants;
    private final Processes processes;
    private final PathRecords paths;
    private final Expansion expansion;

    Disclosures(Versions versions, Participants participants, Processes processes, PathRecords paths) {
        this.versions = versions;
        this.participants = participants;
        this.processes = processes;
        this.paths = paths;
        expansion = new Expansion(versions);
    }

    /** Handles of the process that tells. */
    private record Speaker(int task, int memory) {
    }

    /**
     * A program begins to tell.
     *
     * @param aliveNs a time, in nanoseconds since boot, at which the process that is meant had this id
     * @throws DisclosureRefusedException if no such process is recorded
     */
    public Teller meet(int tgid, long aliveNs) throws DisclosureRefusedException {
        Processes.Ids ids = processes.at(tgid);
        if (ids == null || ids.startedNs() > aliveNs) {
            throw new DisclosureRefusedException("not-recorded", "this process is not recorded, or ended before its word was taken: pid="
                    + tgid + "; a recording of a command (headwater run) takes only the word of that command's processes");
        }
        return new Teller(tgid, ids.startedNs(), versions.object(speaker(ids).memory));
    }

    private Speaker speaker(Processes.Ids ids) throws DisclosureRefusedException {
        int task = participants.known(ids.task());
        int memory = participants.known(ids.process());
        if (task < 0 || memory < 0 || versions.kind(task) != NodeKind.TASK || versions.kind(memory) != NodeKind.PROCESS_MEMORY) {
            throw new DisclosureRefusedException("not-recorded", "how this process began is not in the record");
        }
        return new Speaker(task, memory);
    }

    /**
     * Draws all of it.
     *
     * @return the numbers of the objects of the new nodes, by name
     * @throws DisclosureRefusedException if any of it cannot be drawn; nothing was then
     */
    public Map<String, Long> tell(Teller teller, Disclosure disclosure, long timeNs) throws DisclosureRefusedException {
        Processes.Ids ids = processes.at(teller.tgid);
        if (ids == null || ids.startedNs() != teller.startedNs) {
            throw new DisclosureRefusedException("ended", "the process had ended when its word was taken: pid=" + teller.tgid
                    + "; wait for the answer before you end");
        }
        Speaker speaker = speaker(ids);
        if (versions.object(speaker.memory) != teller.program) {
            throw new DisclosureRefusedException("other-program", "the process has executed another program, or become another user,"
                    + " since it connected: pid=" + teller.tgid + "; connect again");
        }
        check(teller, disclosure);
        Map<String, Long> objects = new LinkedHashMap<>();
        for (Disclosure.Node node : disclosure.nodes()) {
            int handle = create(node, speaker, timeNs);
            teller.named.put(node.name(), handle);
            objects.put(node.name(), versions.object(handle));
        }
        for (Disclosure.Relation relation : disclosure.relations()) {
            relate(teller, speaker, relation, timeNs);
        }
        for (Disclosure.Line line : disclosure.lines()) {
            log(speaker, line, timeNs);
        }
        return objects;
    }

    /** Nothing more comes of this teller. */
    public void leave(Teller teller) {
        teller.named.values().forEach(versions::release);
        teller.named.clear();
    }

    private void check(Teller teller, Disclosure disclosure) throws DisclosureRefusedException {
        Map<String, NodeKind> kinds = new HashMap<>();
        teller.named.forEach((name, handle) -> kinds.put(name, versions.kind(handle)));
        for (Disclosure.Node node : disclosure.nodes()) {
            if (!node.kind().isDisclosed()) {
                throw new IllegalArgumentException("a node that cannot be told of: kind=" + node.kind().text());
            }
            if (kinds.put(node.name(), node.kind()) != null) {
                throw new DisclosureRefusedException("name-taken", "a node of this name was told of before: name=" + node.name());
            }
        }
        if (kinds.size() > NAMES_MAX) {
            throw new DisclosureRefusedException("too-many", "too many nodes on one connection: max=" + NAMES_MAX
                    + "; connect again for others");
        }
        for (Disclosure.Relation relation : disclosure.relations()) {
            String misfit = misfit(relation.relationClass(), provClass(relation.cause(), kinds), provClass(relation.effect(), kinds));
            if (!misfit.isEmpty()) {
                throw new DisclosureRefusedException("misfit", misfit + ": cause=" + text(relation.cause()) + ", effect="
                        + text(relation.effect()));
            }
            if (relation.relationClass() != RelationClass.DERIVED && relation.cause().equals(relation.effect())) {
                throw new DisclosureRefusedException("misfit", "only a derivation can lead from a thing to itself: cause="
                        + text(relation.cause()));
            }
        }
    }

    private static ProvClass provClass(Disclosure.End end, Map<String, NodeKind> kinds) throws DisclosureRefusedException {
        return switch (end) {
            case Disclosure.Self self -> ProvClass.ACTIVITY;
            case Disclosure.FileEnd file -> ProvClass.ENTITY;
            case Disclosure.Named named -> {
                NodeKind kind = kinds.get(named.name());
                if (kind == null) {
                    throw new DisclosureRefusedException("unknown-name", "no node of this name was told of on this connection: name="
                            + named.name());
                }
                yield kind.provClass();
            }
        };
    }

    private static String text(Disclosure.End end) {
        return switch (end) {
            case Disclosure.Self self -> "self";
            case Disclosure.FileEnd file -> file.path().isEmpty() ? "a file" : file.path();
            case Disclosure.Named named -> named.name();
        };
    }

    private int create(Disclosure.Node node, Speaker speaker, long timeNs) {
        int handle = versions.create(node.kind(), timeNs);
        if (!node.label().isEmpty()) {
            text(handle, Attribute.VALUE, node.label(), timeNs);
        }
        versions.flow(Relation.MEMORY_READ, speaker.memory, speaker.task, timeNs, speaker.task, 0, -1);
        switch (node.kind().provClass()) {
            case ENTITY -> versions.told(Relation.GENERATED_DISC, speaker.task, handle, timeNs, speaker.task, DisclosedFlags.TELLER, -1);
            case ACTIVITY -> versions.told(Relation.INFORMED_DISC, speaker.task, handle, timeNs, speaker.task, DisclosedFlags.TELLER, -1);
            case AGENT -> { }
        }
        describe(handle, node.attributes(), speaker, timeNs);
        return handle;
    }

    private void describe(int handle, String attributes, Speaker speaker, long timeNs) {
        if (!attributes.isEmpty()) {
            text(handle, Attribute.DISCLOSED, attributes, timeNs);
        }
        versions.attribute(handle, Attribute.DISCLOSED_BY, versions.node(speaker.task), timeNs);
    }

    private void text(int handle, Attribute attribute, String text, long timeNs) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        versions.attribute(handle, attribute, MemorySegment.ofArray(bytes), 0, bytes.length, timeNs);
    }

    private void relate(Teller teller, Speaker speaker, Disclosure.Relation told, long timeNs) throws DisclosureRefusedException {
        Relation relation = Relation.disclosed(told.relationClass());
        int cause = handle(teller, speaker, told.cause(), timeNs);
        int effect = handle(teller, speaker, told.effect(), timeNs);
        long about = -1;
        if (!told.attributes().isEmpty()) {
            int holder = versions.create(NodeKind.DISC_ENTITY, timeNs);
            describe(holder, told.attributes(), speaker, timeNs);
            about = versions.object(holder);
            versions.release(holder);
        }
        long flags = (told.exhaustive() ? DisclosedFlags.EXHAUSTIVE : 0) | (about >= 0 ? DisclosedFlags.ATTRIBUTED : 0);
        if (cause == speaker.task) {
            versions.flow(Relation.MEMORY_READ, speaker.memory, speaker.task, timeNs, speaker.task, 0, -1);
        }
        versions.told(relation, cause, effect, timeNs, speaker.task, flags, about);
        if (effect == speaker.task) {
            versions.flow(Relation.MEMORY_WRITE, speaker.task, speaker.memory, timeNs, speaker.task, 0, -1);
        }
    }

    private int handle(Teller teller, Speaker speaker, Disclosure.End end, long timeNs) {
        return switch (end) {
            case Disclosure.Self self -> speaker.task;
            case Disclosure.Named named -> teller.named.get(named.name());
            case Disclosure.FileEnd file -> paths.found(file.found(), file.path(), timeNs);
        };
    }

    private void log(Speaker speaker, Disclosure.Line line, long timeNs) {
        int string = versions.create(NodeKind.STRING, timeNs);
        text(string, Attribute.VALUE, line.text(), timeNs);
        describe(string, "", speaker, timeNs);
        if (line.file() != null) {
            versions.told(Relation.DERIVED_DISC, paths.found(line.file().found(), line.file().path(), timeNs), string, timeNs,
                    speaker.task, 0, -1);
        }
        expansion.used(Relation.LOG, string, speaker.task, speaker.memory, timeNs, 0, -1);
        versions.release(string);
    }

    private static String misfit(RelationClass relation, ProvClass cause, ProvClass effect) {
        boolean fits = switch (relation) {
            case DERIVED -> cause == ProvClass.ENTITY && effect == ProvClass.ENTITY;
            case GENERATED -> cause == ProvClass.ACTIVITY && effect == ProvClass.ENTITY;
            case USED -> cause == ProvClass.ENTITY && effect == ProvClass.ACTIVITY;
            case INFORMED -> cause == ProvClass.ACTIVITY && effect == ProvClass.ACTIVITY;
            case INFLUENCED -> true;
            case ASSOCIATED -> cause == ProvClass.AGENT && effect == ProvClass.ACTIVITY;
        };
        return fits ? "" : relation.section() + " does not lead from " + effect.section() + " to " + cause.section();
    }
}
