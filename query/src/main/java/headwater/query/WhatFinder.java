// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Finds the objects that a {@link What} names. A path is found by the file that it names now, else by its history. */
public final class WhatFinder {
    private final GraphView view;
    private final FileNow.Lookup files;

    public WhatFinder(GraphView view, FileNow.Lookup files) {
        this.view = view;
        this.files = files;
    }

    /**
     * The nodes that {@code what} names.
     *
     * @throws NothingFoundException if the record has nothing of it
     */
    public Start find(What what) throws NothingFoundException {
        return capturedFirst(what, named(what));
    }

    /** What was imported is of another machine or another recorder: it is not mixed with what was captured here. */
    private Start capturedFirst(What what, Start start) {
        List<Long> captured = start.objects().stream()
                .filter(object -> view.attributes(object).number(Attribute.IMPORTED, 0) == 0).toList();
        if (captured.isEmpty() || captured.size() == start.objects().size()) {
            return start;
        }
        long[] nodes = Arrays.stream(start.nodes()).filter(node -> captured.contains(view.object(node))).toArray();
        List<String> notes = new ArrayList<>(start.notes());
        notes.add("imported evidence names " + Escapes.toLine(what.text()) + " too, and is not in this answer: ask for it by id, "
                + ids(new LinkedHashSet<>(start.objects().stream().filter(object -> !captured.contains(object)).toList())));
        return new Start(start.title(), captured, nodes, notes);
    }

    private Start named(What what) throws NothingFoundException {
        return switch (what) {
            case What.FilePath path -> sourceOrPath(path);
            case What.Pid pid -> pid(pid);
            case What.Address address -> address(address);
            case What.Id id -> id(id);
        };
    }

    private Start id(What.Id id) throws NothingFoundException {
        if (id.object() < view.objects() && view.nextObject(id.object()) != id.object()) {
            throw new NothingFoundException("what is known of that object was dropped by retention: what=" + id.text());
        }
        if (id.object() >= view.objects()) {
            throw new NothingFoundException("no such object: what=" + id.text() + ", objects=" + view.objects());
        }
        return start(id.text(), List.of(id.object()), id.version(), new ArrayList<>());
    }

    private Start pid(What.Pid pid) throws NothingFoundException {
        Set<Long> objects = new TreeSet<>((a, b) -> Long.compare(b, a));
        addAll(objects, view.find(Attribute.TGID, pid.pid()));
        addAll(objects, view.find(Attribute.PID, pid.pid()));
        if (objects.isEmpty()) {
            throw new NothingFoundException("no process in the record has this id: what=" + pid.text()
                    + ". Ids are those of the initial pid namespace.");
        }
        List<String> notes = new ArrayList<>();
        long leaders = objects.stream().filter(o -> view.kind(o) == NodeKind.TASK
                && view.attributes(o).number(Attribute.PID, -1) == pid.pid()).count();
        if (leaders > 1) {
            notes.add(leaders + " processes have had the id " + pid.pid() + "; the answer is of all of them");
        }
        return start(pid.text(), new ArrayList<>(objects), -1, notes);
    }

    private Start address(What.Address address) throws NothingFoundException {
        Set<Long> objects = new TreeSet<>((a, b) -> Long.compare(b, a));
        for (String host : spellings(address.host())) {
            byte[] value = What.addressBytes(host, address.port());
            for (Attribute attribute : List.of(Attribute.REMOTE_ADDRESS, Attribute.LOCAL_ADDRESS)) {
                for (long object : view.find(attribute, value)) {
                    long protocol = view.attributes(object).number(Attribute.PROTOCOL, 0);
                    if (protocol == 0 || protocol == address.protocol()) {
                        objects.add(object);
                    }
                }
            }
        }
        if (objects.isEmpty()) {
            throw new NothingFoundException("no socket or packet in the record has this address: what="
                    + Escapes.toLine(address.text()) + ". The host is a number, as the kernel has it, not a name.");
        }
        return start(address.text(), new ArrayList<>(objects), -1, new ArrayList<>());
    }

    /** The ways in which an address may have been written down. */
    private static Set<String> spellings(String host) {
        Set<String> spellings = new LinkedHashSet<>();
        spellings.add(host);
        if (host.indexOf(':') >= 0) {
            try {
                byte[] bytes = InetAddress.ofLiteral(host).getAddress();
                spellings.add(InetAddress.getByAddress(bytes).getHostAddress());
                spellings.add(Inet6Text.of(bytes));
            } catch (IllegalArgumentException | UnknownHostException e) {
                // Not a literal: it is looked for as it was written.
                return spellings;
            }
        }
        return spellings;
    }

    /** An identifier of imported evidence looks like a path that nothing has. */
    private Start sourceOrPath(What.FilePath what) throws NothingFoundException {
        Set<Long> objects = new TreeSet<>((a, b) -> Long.compare(b, a));
        addAll(objects, view.find(Attribute.SOURCE_ID, what.path()));
        for (long object : view.find(Attribute.NAME, what.path())) {
            if (switch (view.kind(object)) {
                case ACTIVITY, ENTITY, AGENT -> true;
                default -> false;
            }) {
                objects.add(object);
            }
        }
        return objects.isEmpty() ? path(what) : start(what.text(), new ArrayList<>(objects), -1, new ArrayList<>());
    }

    private Start path(What.FilePath what) throws NothingFoundException {
        FileNow whole = files.of(what.path());
        List<String> notes = new ArrayList<>();
        List<Long> objects = objects(whole, notes);
        if (!objects.isEmpty() || what.pathBeforeAt() == null) {
            return pathStart(what, whole, objects, -1, notes);
        }
        notes.clear();
        FileNow before = files.of(what.pathBeforeAt());
        return pathStart(what, before, objects(before, notes), what.version(), notes);
    }

    private Start pathStart(What.FilePath what, FileNow file, List<Long> objects, int version, List<String> notes)
            throws NothingFoundException {
        String title = Escapes.toLine(file.real());
        if (objects.isEmpty()) {
            throw new NothingFoundException("the record has nothing named " + title + (file.exists()
                    ? ". The file exists, but no captured process touched it."
                    : ". No such file exists now, and none was seen.")
                    + " Another store? Give --store DIR or set HEADWATER_STORE.");
        }
        if (version < 0) {
            return start(title, objects, version, notes);
        }
        for (long object : objects) {
            if (Arrays.stream(view.versions(object)).anyMatch(node -> view.version(node) == version)) {
                return start(title, List.of(object), version, notes);
            }
        }
        throw noVersion(what.text(), objects.getFirst(), version);
    }

    private List<Long> objects(FileNow file, List<String> notes) {
        String real = Escapes.toLine(file.real());
        if (!Arrays.equals(file.absolute(), file.real())) {
            notes.add(Escapes.toLine(file.absolute()) + (file.link() ? " is a symbolic link to " : " is ") + real);
        }
        Set<Long> named = named(file.real());
        if (!file.exists()) {
            if (named.size() > 1) {
                notes.add(named.size() + " objects have had the name " + real + ", newest first: " + ids(named)
                        + "; the answer is of all of them");
            }
            return new ArrayList<>(named);
        }
        Set<Long> candidates = new LinkedHashSet<>(named);
        // By the number alone: its generation, which the record has, Java cannot ask the file system for.
        addAll(candidates, view.find(Attribute.INO, file.ino()));
        for (long object : newestFirst(candidates)) {
            GraphView.Attributes attributes = view.attributes(object);
            if (attributes.number(Attribute.INO, -1) == file.ino() && attributes.number(Attribute.DEV, -1) == file.dev()
                    && attributes.number(Attribute.DELETED, 0) == 0) {
                return List.of(object);
            }
        }
        return byNameOnly(file, named, real, notes);
    }

    /** Overlay and btrfs show another device to stat than to the kernel's own eyes. */
    private List<Long> byNameOnly(FileNow file, Set<Long> named, String real, List<String> notes) {
        for (long object : named) {
            GraphView.Attributes attributes = view.attributes(object);
            if (Arrays.equals(attributes.bytes(Attribute.NAME), file.real())
                    && attributes.number(Attribute.DELETED, 0) == 0) {
                notes.add("found by its name: the inode that " + real + " has now is not in the record");
                return List.of(object);
            }
        }
        if (!named.isEmpty()) {
            notes.add("the file that is " + real
                    + " now is not in the record; the answer is of what had the name before: "
                    + ids(named));
        }
        return new ArrayList<>(named);
    }

    /** The inodes that have or once had the name, newest first. */
    private Set<Long> named(byte[] path) {
        Set<Long> objects = new TreeSet<>((a, b) -> Long.compare(b, a));
        for (long object : view.find(Attribute.NAME, path)) {
            if (view.kind(object).isInode()) {
                objects.add(object);
            }
        }
        for (long pathObject : view.find(Attribute.PATHNAME, path)) {
            for (long node : view.versions(pathObject)) {
                view.effects(node, (edge, relation, other, timeNs) -> {
                    long object = view.object(other);
                    if (relation == Relation.NAMED && view.kind(object).isInode()) {
                        objects.add(object);
                    }
                    return true;
                });
            }
        }
        return objects;
    }

    private Start start(String title, List<Long> objects, int version, List<String> notes)
            throws NothingFoundException {
        LongList nodes = new LongList();
        for (long object : objects) {
            for (long node : view.versions(object)) {
                if (version < 0 || view.version(node) == version) {
                    nodes.add(node);
                }
            }
        }
        if (nodes.size() == 0) {
            throw noVersion(title, objects.getFirst(), version);
        }
        return new Start(title, objects, nodes.toArray(), notes);
    }

    private NothingFoundException noVersion(String what, long object, int version) {
        long[] nodes = view.versions(object);
        return new NothingFoundException("no such version: what=" + Escapes.toLine(what) + ", version=" + version
                + ", versions=" + (nodes.length == 0 ? "none"
                        : view.version(nodes[0]) + " to " + view.version(nodes[nodes.length - 1])));
    }

    private static List<Long> newestFirst(Set<Long> objects) {
        List<Long> sorted = new ArrayList<>(objects);
        sorted.sort((a, b) -> Long.compare(b, a));
        return sorted;
    }

    private static String ids(Set<Long> objects) {
        return String.join(", ", objects.stream().limit(8).map(NodeId::of).toList())
                + (objects.size() > 8 ? ", …" : "");
    }

    private static void addAll(Set<Long> objects, long[] more) {
        for (long object : more) {
            objects.add(object);
        }
    }
}
