// SPDX-License-Identifier: Apache-2.0
package headwater.store.retention;

import headwater.model.Attribute;
import headwater.model.Gap;
import headwater.model.NodeKind;
import headwater.model.Session;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is known of what was dropped, in memory: gathered by {@link Gathering}, written by {@link CarriedWriter}. For one thread. */
final class Carried {
    /** One object. */
    static final class Thing {
        final NodeKind kind;
        boolean lacksVersions;
        /** Newest values, a Long or a byte array each. */
        final Map<Attribute, Object> values = new EnumMap<>(Attribute.class);

        Thing(NodeKind kind) {
            this.kind = kind;
        }
    }

    /** One version of an object. */
    record Version(long object, int version, long timeNs, int flags) {
    }

    final TreeMap<Long, Thing> objects = new TreeMap<>();
    final TreeMap<Long, Version> nodes = new TreeMap<>();
    /** Boot ids, and the numbers that they have in this store. */
    final Map<String, Integer> boots = new LinkedHashMap<>();
    int lastSession;
    final List<Session> sessions = new ArrayList<>();
    final List<Gap> gaps = new ArrayList<>();
}
