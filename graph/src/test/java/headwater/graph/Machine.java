// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

import headwater.model.GraphView;
import headwater.model.Session;
import headwater.record.FlowOp;
import headwater.record.RecordFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A small machine whose processes do things at random; it keeps the truth, and tells the builder what the kernel side
 * would.
 */
final class Machine {
    private static final int FILE = 0100644;
    private static final int FIFO = 0010600;
    private static final int SOCKET = 0140777;
    private static final GraphView NOTHING = null;
    static final Session SESSION = new Session(1, "boot", 1, 1, "trace", "tree", "", 0, 0);

    /** A file, pipe or socket; {@code held} is null while the kernel's map has forgotten it. */
    private static final class Inode {
        final int thing;
        final long ino;
        final int mode;
        final int family;
        KernelRule.Held held;

        Inode(int thing, long ino, int mode, int family) {
            this.thing = thing;
            this.ino = ino;
            this.mode = mode;
            this.family = family;
        }
    }

    private static final class Process {
        int thing;
        KernelRule.Held held;
        final List<Long> tasks = new ArrayList<>();
    }

    private final Random random;
    private final KernelRule kernel;
    private final List<Process> processes = new ArrayList<>();
    private final List<Inode> inodes = new ArrayList<>();
    final Truth truth = new Truth();
    final DrawnGraph graph = new DrawnGraph();
    final GraphBuilder builder;
    /** The graph's object of each thing, -1 while the builder has not been told of it. */
    final List<Integer> objects = new ArrayList<>();
    private final Records records;
    private long nextIno = 1;
    private int pid = 1;
    int suppressed;

    Machine(Random random, boolean faulty) {
        this.random = random;
        kernel = new KernelRule(faulty);
        builder = new GraphBuilder(graph, NOTHING, Continuation.FIRST, SESSION, 1000, PathProbe.NONE);
        records = new Records(builder);
        begin(null);
        for (int i = 0; i < 3 + random.nextInt(5); i++) {
            switch (random.nextInt(4)) {
                case 0 -> add(FIFO, 0);
                case 1 -> add(SOCKET, random.nextBoolean() ? 1 : 2);
                default -> add(FILE, 0);
            }
        }
    }

    private int thing() {
        objects.add(-1);
        return truth.thing();
    }

    /** The builder has been told that {@code id} is this thing. */
    private void told(int thing, long id) {
        int object = (int) builder.objectOf(id);
        int before = objects.set(thing, object);
        if (object < 0 || before >= 0 && before != object) {
            throw new AssertionError("one thing, two objects: thing=" + thing + ", " + before + " and " + object);
        }
    }

    private Inode add(int mode, int family) {
        Inode inode = new Inode(thing(), nextIno++, mode, family);
        inodes.add(inode);
        return inode;
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void begin(Process parent) {
        Process child = new Process();
        long task = kernel.newId();
        child.held = kernel.newProcess();
        child.tasks.add(task);
        child.thing = thing();
        records.task(task, child.held.id, parent == null ? 0 : any(parent.tasks), parent == null ? 0 : parent.held.id,
                pid++, 0);
        told(child.thing, child.held.id);
        processes.add(child);
        if (parent != null) {
            truth.flow(parent.thing, child.thing);
        }
    }

    private KernelRule.Held hold(Inode inode, int flags) {
        if (inode.held == null) {
            inode.held = kernel.newInode();
            records.inode(inode.held.id, inode.ino, 7, inode.mode, 1, flags);
            told(inode.thing, inode.held.id);
            if (inode.family != 0) {
                records.address(inode.held.id, 0, inode.family, 1, "");
            }
        }
        return inode.held;
    }

    private void into(Process process, Inode inode, int op, long extra) {
        KernelRule.Held from = hold(inode, 0);
        truth.flow(inode.thing, process.thing);
        if (kernel.flow(from, process.held, op)) {
            records.flow(op, from.id, process.held.id, any(process.tasks), extra, 0);
        } else {
            suppressed++;
        }
    }

    private void outOf(Process process, Inode inode, int op, int flags) {
        KernelRule.Held to = hold(inode, flags);
        truth.flow(process.thing, inode.thing);
        if (kernel.flow(process.held, to, op)) {
            records.flow(op, process.held.id, to.id, any(process.tasks), 0, 0);
        } else {
            suppressed++;
        }
    }

    /** One thing happens. */
    void step() {
        kernel.cpu = random.nextInt(2);
        Process process = any(processes);
        Inode inode = any(inodes);
        switch (random.nextInt(40)) {
            case 0, 1 -> {
                if (processes.size() < 8) {
                    begin(process);
                }
            }
            case 2 -> thread(process);
            case 3, 4 -> execute(process, inode);
            case 5 -> exit(process);
            case 6, 7 -> inode.held = null;
            case 8 -> recreate(process, inode);
            case 9, 10 -> into(process, inode, FlowOp.OPEN, 0);
            case 11 -> into(process, inode, FlowOp.MMAP_SHARED, 0);
            case 12 -> outOf(process, inode, FlowOp.MMAP_WRITE, 0);
            case 13 -> outOf(process, inode, FlowOp.TRUNCATE, 0);
            case 14, 15, 16 -> peer(process, inode, any(inodes));
            case 17 -> accept(process, inode);
            case 18 -> into(process, inode, FlowOp.MMAP_PRIVATE, 0);
            default -> {
                if (random.nextBoolean()) {
                    into(process, inode, FlowOp.READ, random.nextInt(100));
                } else {
                    outOf(process, inode, FlowOp.WRITE, 0);
                }
            }
        }
    }

    private void thread(Process process) {
        long task = kernel.newId();
        records.task(task, process.held.id, any(process.tasks), process.held.id, pid++, RecordFlag.THREAD);
        process.tasks.add(task);
    }

    private void execute(Process process, Inode file) {
        KernelRule.Held image = hold(file, 0);
        long before = process.held.id;
        long task = any(process.tasks);
        int old = process.thing;
        while (process.tasks.size() > 1) {
            long other = process.tasks.get(process.tasks.get(0) == task ? 1 : 0);
            process.tasks.remove(other);
            records.exit(other, before, 0, 0);
        }
        process.held = kernel.newProcess();
        process.thing = thing();
        records.exec(image.id, process.held.id, before, task);
        told(process.thing, process.held.id);
        truth.flow(file.thing, process.thing);
        truth.flow(old, process.thing);
    }

    private void exit(Process process) {
        if (processes.size() > 1) {
            processes.remove(process);
            for (int i = 0; i < process.tasks.size(); i++) {
                records.exit(process.tasks.get(i), process.held.id, 0,
                        i == process.tasks.size() - 1 ? RecordFlag.GROUP_DEAD : 0);
            }
        }
    }

    /** The file is removed, and another made that gets the same inode. */
    private void recreate(Process process, Inode inode) {
        Inode next = new Inode(thing(), inode.ino, inode.mode, inode.family);
        inodes.set(inodes.indexOf(inode), next);
        outOf(process, next, FlowOp.CREATE, RecordFlag.CREATED);
    }

    private void peer(Process process, Inode from, Inode to) {
        if (from == to || from.mode != SOCKET || to.mode != SOCKET) {
            return;
        }
        KernelRule.Held source = hold(from, 0);
        KernelRule.Held sink = hold(to, 0);
        truth.flow(from.thing, to.thing);
        if (kernel.flow(source, sink, FlowOp.SEND_PEER)) {
            records.flow(FlowOp.SEND_PEER, source.id, sink.id, any(process.tasks));
        } else {
            suppressed++;
        }
    }

    private void accept(Process process, Inode listening) {
        if (listening.mode == SOCKET && inodes.size() < 12) {
            long listener = hold(listening, 0).id;
            Inode accepted = add(SOCKET, listening.family);
            truth.flow(listening.thing, accepted.thing);
            into(process, accepted, FlowOp.ACCEPT, listener);
        }
    }
}
