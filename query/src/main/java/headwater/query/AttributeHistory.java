// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import headwater.model.Attribute;
import headwater.model.GraphSink;
import headwater.model.IgnoringSink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What attributes said at a time in the past, of those that were told of again later. The index has newest values only; the log has
 * all. It is read twice at most: from that time on, for what was told of; then up to it, for what that was before. So the memory needed
 * follows the changes since, not the store. For one thread.
 */
public final class AttributeHistory {
    private record Key(long object, Attribute attribute) {
    }

    /** Feeds events of the log to a sink. */
    public interface Log {
        /** Those of the time {@code fromNs} and later, and perhaps earlier ones. */
        void since(long fromNs, GraphSink sink);

        /** All up to the time {@code toNs}, and perhaps later ones. */
        void until(long toNs, GraphSink sink);
    }

    /** What each that was told of later had said before, oldest first: a Long or a byte array each. */
    private final Map<Key, List<Object>> values = new HashMap<>();

    private AttributeHistory() {
    }

    /**
     * Reads what is needed for a view as of {@code timeNs}.
     *
     * @param objects how many objects there were then; of later ones nothing is asked
     */
    public static AttributeHistory of(Log log, long timeNs, long objects) {
        AttributeHistory history = new AttributeHistory();
        log.since(timeNs, new Reader(told -> {
            if (told.timeNs() > timeNs && told.object() < objects) {
                history.values.computeIfAbsent(new Key(told.object(), told.attribute()), key -> new ArrayList<>());
            }
        }));
        if (!history.values.isEmpty()) {
            log.until(timeNs, new Reader(told -> {
                List<Object> known = told.timeNs() > timeNs ? null : history.values.get(new Key(told.object(), told.attribute()));
                if (known != null) {
                    known.add(told.value());
                }
            }));
        }
        return history;
    }

    /** True if the newest value is of later. */
    boolean changed(long object, Attribute attribute) {
        return values.containsKey(new Key(object, attribute));
    }

    /** What a changed attribute said then: a Long or a byte array, null if it was not known. */
    Object value(long object, Attribute attribute) {
        List<Object> known = values.getOrDefault(new Key(object, attribute), List.of());
        return known.isEmpty() ? null : known.getLast();
    }

    /** True if a changed attribute had the value then or before. */
    boolean had(long object, Attribute attribute, Object value) {
        return values.getOrDefault(new Key(object, attribute), List.of()).stream().anyMatch(known -> known instanceof byte[] bytes
                ? value instanceof byte[] other && Arrays.equals(bytes, other) : known.equals(value));
    }

    /** One value, as the log tells of it. */
    private record Told(long object, Attribute attribute, Object value, long timeNs) {
    }

    /** Hears attributes only. */
    private static final class Reader extends IgnoringSink {
        private final Consumer<Told> to;

        Reader(Consumer<Told> to) {
            this.to = to;
        }

        @Override
        public void attribute(long object, Attribute attribute, long value, long timeNs) {
            to.accept(new Told(object, attribute, value, timeNs));
        }

        @Override
        public void attribute(long object, Attribute attribute, MemorySegment bytes, long offset, int length, long timeNs) {
            to.accept(new Told(object, attribute, bytes.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), timeNs));
        }
    }
}
