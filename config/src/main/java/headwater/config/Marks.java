// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.List;

/**
 * The marked targets of one kind, in the order of the file. A list is empty if the kind does not take the mark: addresses take no
 * {@code opaque}, all others no {@code record}. A target may be in several lists.
 */
public record Marks<T>(List<T> track, List<T> propagate, List<T> opaque, List<T> record) {
    public Marks {
        track = List.copyOf(track);
        propagate = List.copyOf(propagate);
        opaque = List.copyOf(opaque);
        record = List.copyOf(record);
    }

    /** No target at all. */
    public static <T> Marks<T> none() {
        return new Marks<>(List.of(), List.of(), List.of(), List.of());
    }

    /** The targets that have {@code mark}. */
    public List<T> of(Mark mark) {
        return switch (mark) {
            case TRACK -> track;
            case PROPAGATE -> propagate;
            case OPAQUE -> opaque;
            case RECORD -> record;
        };
    }

    public boolean isEmpty() {
        return track.isEmpty() && propagate.isEmpty() && opaque.isEmpty() && record.isEmpty();
    }
}
