// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.InodeKey;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Writes small graphs the way a capture would: system calls in, nodes and edges out, a new version where something
 * flows into what has been seen.
 */
public final class Scene {
    /** 2026-11-20 10:00:00 UTC. */
    public static final long T0 = 1_795_168_800_000_000_000L;
    public static final long MS = 1_000_000;
    public static final int MACHINE = 340646718;

    private final MemoryGraph graph = new MemoryGraph();
    private final Map<String, Long> files = new HashMap<>();
    private final Map<Integer, Long> tasks = new HashMap<>();
    private final Map<Integer, Long> memories = new HashMap<>();
    private final Map<String, Long> paths = new HashMap<>();
    private long now = T0;
    private long acting = -1;
    private long inode = 4800;

    public Scene() {
        graph.sessionStart(new Session(1, "6b1d2f0e-0000-4000-8000-000000000001", 3, MACHINE, "trace", "tree",
                "sh -c 'sort /etc/passwd | gzip > /tmp/p.gz'", T0 - MS, 0));
    }

    public MemoryGraph graph() {
        return graph;
    }

    public long now() {
        return now;
    }

    public Scene end() {
        graph.sessionEnd(now + MS);
        return this;
    }

    public long object(NodeKind kind) {
        long object = graph.objects();
        graph.node(graph.nodes(), object, 0, kind, tick());
        return object;
    }

    public Scene text(long object, Attribute attribute, String value) {
        return bytes(object, attribute, value.getBytes(StandardCharsets.UTF_8));
    }

    public Scene bytes(long object, Attribute attribute, byte[] value) {
        graph.attribute(object, attribute, MemorySegment.ofArray(value), 0, value.length, now);
        return this;
    }

    public Scene number(long object, Attribute attribute, long value) {
        graph.attribute(object, attribute, value, now);
        return this;
    }

    /** A flow between newest versions; the effect gets a new version if its newest has been seen. */
    public Scene flow(Relation relation, long cause, long effect) {
        return flow(relation, cause, effect, 0, -1);
    }

    public Scene flow(Relation relation, long cause, long effect, long flags, long offset) {
        long from = newest(cause);
        long to = relation == Relation.NAMED ? newest(effect) : fresh(effect);
        graph.edge(graph.edges(), relation, from, to, tick(), acting < 0 ? -1 : newest(acting), flags, offset);
        return this;
    }

    private long fresh(long object) {
        long old = newest(object);
        boolean[] seen = {false};
        graph.effects(old, (edge, relation, other, timeNs) -> {
            seen[0] = true;
            return false;
        });
        if (!seen[0]) {
            return old;
        }
        long node = graph.nodes();
        graph.node(node, object, graph.version(old) + 1, graph.kind(object), tick());
        Relation relation = graph.kind(object) == NodeKind.TASK ? Relation.VERSION_ACTIVITY : Relation.VERSION_ENTITY;
        graph.edge(graph.edges(), relation, old, node, now, -1, 0, -1);
        return node;
    }

    private long newest(long object) {
        long[] versions = graph.versions(object);
        return versions[versions.length - 1];
    }

    private long tick() {
        return now += MS;
    }

    /** The file that has this name now; it appears if it was not there. */
    public long file(String name) {
        return files.computeIfAbsent(name, key -> newFile(name));
    }

    private long newFile(String name) {
        long file = object(NodeKind.FILE);
        inode++;
        number(file, Attribute.UID, 1000).number(file, Attribute.GID, 1000).number(file, Attribute.MODE, 0x81a4);
        number(file, Attribute.INO, inode).number(file, Attribute.DEV, 8 << 20 | 1);
        bytes(file, Attribute.INODE_KEY, new InodeKey(0, 8 << 20 | 1, inode, 0).toBytes());
        name(file, name);
        return file;
    }

    private void name(long object, String name) {
        text(object, Attribute.NAME, name);
        long path = paths.computeIfAbsent(name, key -> {
            long created = object(NodeKind.PATH);
            text(created, Attribute.PATHNAME, name);
            return created;
        });
        flow(Relation.NAMED, path, object);
    }

    public Scene rename(String from, String to) {
        long file = files.remove(from);
        files.put(to, file);
        name(file, to);
        return this;
    }

    public Scene delete(String name) {
        number(files.remove(name), Attribute.DELETED, 1);
        return this;
    }

    public long task(int pid) {
        return tasks.computeIfAbsent(pid, key -> {
            long task = object(NodeKind.TASK);
            number(task, Attribute.PID, pid).number(task, Attribute.TGID, pid).number(task, Attribute.VPID, pid);
            return task;
        });
    }

    public long memory(int pid) {
        return memories.computeIfAbsent(pid, key -> newMemory(pid));
    }

    private long newMemory(int pid) {
        long memory = object(NodeKind.PROCESS_MEMORY);
        number(memory, Attribute.TGID, pid).number(memory, Attribute.UID, 1000).number(memory, Attribute.GID, 1000);
        return memory;
    }

    public Scene fork(int parent, int child) {
        acting = task(parent);
        flow(Relation.MEMORY_READ, memory(parent), task(parent));
        flow(Relation.CLONE_MEM, task(parent), memory(child));
        return flow(Relation.CLONE, task(parent), task(child));
    }

    public Scene exec(int pid, String program, String... arguments) {
        acting = task(pid);
        long fresh = newMemory(pid);
        flow(Relation.EXEC, file(program), fresh);
        for (String argument : arguments) {
            long argv = object(NodeKind.ARGV);
            text(argv, Attribute.VALUE, argument);
            flow(Relation.ARG, argv, fresh);
        }
        flow(Relation.EXEC_TASK, task(pid), fresh);
        memories.put(pid, fresh);
        name(fresh, program);
        String base = program.substring(program.lastIndexOf('/') + 1);
        text(task(pid), Attribute.COMMAND, base);
        return this;
    }

    /** The last thread of a process ends. */
    public Scene exit(int pid) {
        acting = task(pid);
        last(task(pid), Relation.TERMINATE_TASK);
        last(memory(pid), Relation.TERMINATE_PROC);
        return this;
    }

    private void last(long object, Relation relation) {
        long old = newest(object);
        graph.node(graph.nodes(), object, graph.version(old) + 1, graph.kind(object), tick());
        graph.edge(graph.edges(), relation, old, newest(object), now, acting < 0 ? -1 : newest(acting), 0, -1);
    }

    /** Nothing happens for so long. */
    public Scene advance(long ns) {
        now += ns;
        return this;
    }

    public Scene read(int pid, long entity, Relation relation) {
        acting = task(pid);
        flow(relation, entity, task(pid));
        return flow(Relation.MEMORY_WRITE, task(pid), memory(pid));
    }

    public Scene read(int pid, String file) {
        return read(pid, file(file), Relation.READ);
    }

    public Scene map(int pid, String... files) {
        for (String file : files) {
            read(pid, file(file), Relation.MMAP_PRIVATE);
        }
        return this;
    }

    public Scene write(int pid, long entity, Relation relation) {
        acting = task(pid);
        flow(Relation.MEMORY_READ, memory(pid), task(pid));
        return flow(relation, task(pid), entity);
    }

    public Scene write(int pid, String file) {
        return write(pid, file(file), Relation.WRITE);
    }

    /** A connected TCP socket, with its address. */
    public long connect(int pid, String local, String remote) {
        long socket = object(NodeKind.SOCKET);
        number(socket, Attribute.FAMILY, 2).number(socket, Attribute.PROTOCOL, 6);
        text(socket, Attribute.LOCAL_ADDRESS, local).text(socket, Attribute.REMOTE_ADDRESS, remote);
        long address = object(NodeKind.ADDRESS);
        number(address, Attribute.FAMILY, 2).text(address, Attribute.REMOTE_ADDRESS, remote);
        acting = task(pid);
        flow(Relation.SOCKET_CREATE, task(pid), socket);
        flow(Relation.ADDRESSED, address, socket);
        write(pid, socket, Relation.CONNECT);
        return socket;
    }

    /** {@code sh -c 'sort /etc/passwd | gzip > /tmp/p.gz'}. */
    public static Scene pipeline() {
        Scene scene = new Scene();
        String lib = "/usr/lib/x86_64-linux-gnu/";
        scene.exec(101, "/usr/bin/dash", "sh", "-c", "sort /etc/passwd | gzip > /tmp/p.gz");
        scene.map(101, "/etc/ld.so.cache", lib + "libc.so.6");
        long pipe = scene.object(NodeKind.PIPE);
        scene.fork(101, 102).fork(101, 103);
        scene.exec(102, "/usr/bin/sort", "sort", "/etc/passwd");
        scene.map(102, "/etc/ld.so.cache", lib + "libcrypto.so.3", lib + "libc.so.6");
        scene.exec(103, "/usr/bin/gzip", "gzip");
        scene.map(103, "/etc/ld.so.cache", lib + "libc.so.6");
        scene.read(102, "/etc/passwd").write(102, pipe, Relation.WRITE);
        scene.read(103, pipe, Relation.READ).write(103, "/tmp/p.gz");
        return scene;
    }
}
