// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.model.Attribute;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.FileNow;
import headwater.query.Limits;
import headwater.query.Lineage;
import headwater.query.NothingFoundException;
import headwater.query.What;
import headwater.query.WhatFinder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a record says of who acted, and of which file is which. Files are found by the names that the record knows. */
final class RecordedIdentity {
    private final GraphView view;

    RecordedIdentity(GraphView view) {
        this.view = view;
    }

    /** The inodes that have or once had this path. */
    List<Long> files(String path) {
        List<Long> files = new ArrayList<>();
        for (long object : view.find(Attribute.NAME, path.getBytes(StandardCharsets.UTF_8))) {
            if (view.kind(object).isInode()) {
                files.add(object);
            }
        }
        return files;
    }

    long file(String path) {
        List<Long> files = files(path);
        assertEquals(1, files.size(), () -> "objects that have been " + path + ": " + files);
        return files.getFirst();
    }

    private Set<Long> ancestors(long object) {
        Set<Long> objects = new TreeSet<>();
        try {
            var start = new WhatFinder(view, path -> new FileNow(path, path, false, false, 0, 0)).find(new What.Id("hw:" + object,
                    object, -1));
            for (long node : Lineage.ancestors(view, "", start, Limits.NONE.through(Set.of(Relation.RAN_ON))).nodes()) {
                objects.add(view.object(node));
            }
        } catch (NothingFoundException e) {
            throw new AssertionError(e);
        }
        return objects;
    }

    void assertFrom(String sink, String source) {
        assertTrue(ancestors(file(sink)).contains(file(source)), () -> sink + " comes from " + source);
    }

    void assertNotFrom(String sink, String source) {
        assertFalse(ancestors(file(sink)).contains(file(source)), () -> sink + " does not come from " + source);
    }

    /** The memories of processes among the ancestors of a file. */
    private List<Long> memories(String sink) {
        return ancestors(file(sink)).stream().filter(object -> view.kind(object) == NodeKind.PROCESS_MEMORY).toList();
    }

    /** The memory that made the file or wrote it, whichever came last: what makes it and writes no more is recorded once. */
    long writer(String sink) {
        long[] writer = {-1};
        for (long node : view.versions(file(sink))) {
            view.causes(node, (edge, relation, task, timeNs) -> {
                if (relation == Relation.WRITE || relation == Relation.INODE_CREATE) {
                    view.causes(task, (e, r, memory, t) -> {
                        if (r == Relation.MEMORY_READ) {
                            writer[0] = view.object(memory);
                        }
                        return true;
                    });
                }
                return true;
            });
        }
        assertTrue(writer[0] >= 0, () -> "nobody wrote " + sink);
        return writer[0];
    }

    long number(long object, Attribute attribute) {
        return view.attributes(object).number(attribute, -1);
    }

    String text(long object, Attribute attribute) {
        byte[] bytes = view.attributes(object).bytes(attribute);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    /** Some memory among the ancestors of the file has this value. */
    void assertMemory(String sink, Attribute attribute, long value) {
        List<Long> values = memories(sink).stream().map(memory -> number(memory, attribute)).toList();
        assertTrue(values.contains(value), () -> sink + ": " + attribute.text() + " of its processes: " + values);
    }

    /** How many edges of this relation lead into a memory among the ancestors of the file. */
    long memoryCauses(String sink, Relation wanted) {
        long[] count = {0};
        for (long memory : memories(sink)) {
            for (long node : view.versions(memory)) {
                view.causes(node, (edge, relation, other, timeNs) -> {
                    count[0] += relation == wanted ? 1 : 0;
                    return true;
                });
            }
        }
        return count[0];
    }

    /** The machines among the ancestors of the file. */
    List<Long> machines(String sink) {
        return ancestors(file(sink)).stream().filter(object -> view.kind(object) == NodeKind.MACHINE).toList();
    }

    /** The variables of the environment that the ancestors of the file were given. */
    List<String> environment(String sink) {
        return ancestors(file(sink)).stream().filter(object -> view.kind(object) == NodeKind.ENVP)
                .map(object -> text(object, Attribute.VALUE)).toList();
    }
}
