// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import headwater.model.Attribute;
import headwater.model.GraphView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The newest values of one object: those that came since a view, over those that the view has. */
final class KnownValues implements GraphView.Attributes {
    /** What no format asks for, and need not be kept. */
    private static final Set<Attribute> NOT_NEEDED = EnumSet.of(Attribute.INODE_KEY, Attribute.CGROUP, Attribute.CONTAINER,
            Attribute.FS_TYPE, Attribute.LINKS, Attribute.CREATED, Attribute.GENERATION, Attribute.STARTED,
            Attribute.EXIT_STATUS, Attribute.DELETED, Attribute.PPID, Attribute.COMMAND, Attribute.CAPABILITIES, Attribute.EUID,
            Attribute.EGID, Attribute.FSUID, Attribute.FSGID, Attribute.SOCKET_TYPE, Attribute.BOOT_ID, Attribute.RECORDER);

    private Attribute[] keys = new Attribute[4];
    private Object[] values = new Object[4];
    private int count;

    static boolean needed(Attribute attribute) {
        return !NOT_NEEDED.contains(attribute);
    }

    /** Sets a {@code Long} or {@code byte[]}; true if that is news. */
    boolean put(Attribute attribute, Object value) {
        for (int i = 0; i < count; i++) {
            if (keys[i] == attribute) {
                boolean news = !Objects.deepEquals(values[i], value);
                values[i] = value;
                return news;
            }
        }
        if (count == keys.length) {
            keys = Arrays.copyOf(keys, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        keys[count] = attribute;
        values[count++] = value;
        return true;
    }

    /** These values, and for those that are not among them, {@code below}. */
    GraphView.Attributes over(GraphView.Attributes below) {
        return new GraphView.Attributes() {
            @Override
            public long number(Attribute attribute, long otherwise) {
                return KnownValues.this.number(attribute, below.number(attribute, otherwise));
            }

            @Override
            public byte[] bytes(Attribute attribute) {
                byte[] bytes = KnownValues.this.bytes(attribute);
                return bytes != null ? bytes : below.bytes(attribute);
            }

            @Override
            public List<Attribute> known() {
                EnumSet<Attribute> all = EnumSet.noneOf(Attribute.class);
                all.addAll(KnownValues.this.known());
                all.addAll(below.known());
                return List.copyOf(all);
            }
        };
    }

    @Override
    public long number(Attribute attribute, long otherwise) {
        return find(attribute) instanceof Long number ? number : otherwise;
    }

    @Override
    public byte[] bytes(Attribute attribute) {
        return find(attribute) instanceof byte[] bytes ? bytes : null;
    }

    @Override
    public List<Attribute> known() {
        List<Attribute> known = new ArrayList<>(Arrays.asList(keys).subList(0, count));
        known.sort(null);
        return known;
    }

    private Object find(Attribute attribute) {
        for (int i = 0; i < count; i++) {
            if (keys[i] == attribute) {
                return values[i];
            }
        }
        return null;
    }
}
