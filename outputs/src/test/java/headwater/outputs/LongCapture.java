// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A capture as long as one likes: processes that come and go, and move data between files, pipes and sockets. Any seed, any length. */
public final class LongCapture {
    private static final int MACHINE = 340646718;
    private static final int PROCESSES = 40;
    private static final int FILES = 2000;

    private final GraphSink sink;
    private final Random random;
    private final List<Long> newest = new ArrayList<>();
    private final List<Integer> versions = new ArrayList<>();
    private final List<NodeKind> kinds = new ArrayList<>();
    private final List<Boolean> seen = new ArrayList<>();
    private final List<Long> tasks = new ArrayList<>();
    private final List<Long> memories = new ArrayList<>();
    private final List<Long> things = new ArrayList<>();
    private long machine = -1;
    private long nodes;
    private long edges;
    private long timeNs = 1_795_168_800_000_000_000L;
    private int sessions;
    private int pid = 100;

    public LongCapture(GraphSink sink, long seed) {
        this.sink = sink;
        this.random = new Random(seed);
    }

    public long nodes() {
        return nodes;
    }

    public long edges() {
        return edges;
    }

    public void begin() {
        timeNs += 1_000_000;
        sessions++;
        sink.sessionStart(new Session(sessions, "boot-" + sessions, sessions, MACHINE, "trace", "system", "", timeNs, 0));
        tasks.clear();
        memories.clear();
        machine = object(NodeKind.MACHINE);
        text(machine, Attribute.NODENAME, "host \"1\"");
        for (int i = 0; i < PROCESSES; i++) {
            process(i, -1);
        }
    }

    public void end() {
        sink.sessionEnd(timeNs);
    }

    /** Goes on until there are {@code count} more edges, or a few beyond. */
    public void go(long count) {
        long until = edges + count;
        while (edges < until) {
            step();
        }
    }

    private void step() {
        int who = random.nextInt(PROCESSES);
        int dice = random.nextInt(100);
        if (dice < 2) {
            flow(Relation.TERMINATE_TASK, tasks.get(who), tasks.get(who), who);
            process(who, random.nextInt(PROCESSES));
        } else if (dice < 10 || things.isEmpty()) {
            thing(who);
        } else if (dice < 12) {
            packet(who);
        } else if (dice < 13) {
            number(some(), Attribute.MODE, 0x8100 + random.nextInt(512));
        } else if (dice < 55) {
            flow(Relation.READ, some(), tasks.get(who), who);
            flow(Relation.MEMORY_WRITE, tasks.get(who), memories.get(who), who);
        } else {
            flow(Relation.MEMORY_READ, memories.get(who), tasks.get(who), who);
            flow(Relation.WRITE, tasks.get(who), some(), who);
        }
    }

    private long some() {
        return things.get(random.nextInt(things.size()));
    }

    private void process(int slot, int parent) {
        pid++;
        long task = object(NodeKind.TASK);
        long memory = object(NodeKind.PROCESS_MEMORY);
        number(task, Attribute.PID, pid);
        number(memory, Attribute.TGID, pid);
        number(memory, Attribute.UID, 1000);
        text(memory, Attribute.NAME, "/usr/bin/program-" + pid % 50);
        if (slot == tasks.size()) {
            tasks.add(task);
            memories.add(memory);
        } else {
            flow(Relation.CLONE, tasks.get(parent), task, parent);
            flow(Relation.CLONE_MEM, tasks.get(parent), memory, parent);
            tasks.set(slot, task);
            memories.set(slot, memory);
        }
        flow(Relation.RAN_ON, machine, task, slot);
        long argv = object(NodeKind.ARGV);
        text(argv, Attribute.VALUE, "--option=\"" + pid + "\"\n\\\u00e9\u0001");
        flow(Relation.ARG, argv, memory, slot);
    }

    private void thing(int who) {
        NodeKind kind = List.of(NodeKind.FILE, NodeKind.FILE, NodeKind.PIPE, NodeKind.SOCKET).get(random.nextInt(4));
        long object = object(kind);
        number(object, Attribute.INO, object);
        number(object, Attribute.DEV, 8 << 20 | 1);
        if (kind == NodeKind.SOCKET) {
            long address = object(NodeKind.ADDRESS);
            text(address, Attribute.REMOTE_ADDRESS, "192.0.2." + random.nextInt(256) + ":443");
            flow(Relation.ADDRESSED, address, object, who);
        } else {
            long path = object(NodeKind.PATH);
            byte[] name = ("/srv/data/" + object + (random.nextInt(9) == 0 ? "\u0007\"\u00ff" : ""))
                    .getBytes(random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
            bytes(path, Attribute.PATHNAME, name);
            bytes(object, Attribute.NAME, name);
            edge(Relation.NAMED, newest.get((int) path), newest.get((int) object), who);
        }
        if (things.size() < FILES) {
            things.add(object);
        } else {
            things.set(random.nextInt(FILES), object);
        }
    }

    private void packet(int who) {
        long packet = object(NodeKind.PACKET);
        text(packet, Attribute.LOCAL_ADDRESS, "10.0.0.1:4000");
        text(packet, Attribute.REMOTE_ADDRESS, "192.0.2.1:443");
        number(packet, Attribute.SIZE, random.nextInt(1500));
        long socket = object(NodeKind.SOCKET);
        if (random.nextBoolean()) {
            flow(Relation.SEND_PACKET, socket, packet, who);
        } else {
            flow(Relation.RECEIVE_PACKET, packet, socket, who);
        }
    }

    private long object(NodeKind kind) {
        long object = newest.size();
        newest.add(nodes);
        versions.add(0);
        kinds.add(kind);
        seen.add(false);
        timeNs += 1000;
        sink.node(nodes++, object, 0, kind, timeNs);
        return object;
    }

    private void flow(Relation relation, long cause, long effect, int who) {
        long from = newest.get((int) cause);
        if (seen.get((int) effect) || cause == effect) {
            long old = newest.get((int) effect);
            versions.set((int) effect, versions.get((int) effect) + 1);
            newest.set((int) effect, nodes);
            seen.set((int) effect, false);
            sink.node(nodes++, effect, versions.get((int) effect), kinds.get((int) effect), timeNs);
            boolean activity = kinds.get((int) effect) == NodeKind.TASK;
            edge(activity ? Relation.VERSION_ACTIVITY : Relation.VERSION_ENTITY, old, nodes - 1, who);
        }
        edge(relation, from, newest.get((int) effect), who);
        seen.set((int) cause, cause != effect);
    }

    private void edge(Relation relation, long cause, long effect, int who) {
        timeNs += 1000;
        long task = who < tasks.size() ? newest.get(tasks.get(who).intValue()) : -1;
        sink.edge(edges++, relation, cause, effect, timeNs, task, random.nextInt(8), random.nextInt(3) == 0 ? 4096 : -1);
    }

    private void number(long object, Attribute attribute, long value) {
        sink.attribute(object, attribute, value, timeNs);
    }

    private void text(long object, Attribute attribute, String value) {
        bytes(object, attribute, value.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(long object, Attribute attribute, byte[] value) {
        sink.attribute(object, attribute, MemorySegment.ofArray(value), 0, value.length, timeNs);
    }
}
