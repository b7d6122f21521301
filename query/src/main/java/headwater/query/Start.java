// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.List;

/**
 * The nodes that a WHAT names.
 *
 * @param title what it is, for people: the resolved path, or the WHAT itself
 * @param objects the objects, newest first
 * @param nodes the versions of them that are meant, oldest first within an object
 * @param notes what a person should know about how it was found
 */
public record Start(String title, List<Long> objects, long[] nodes, List<String> notes) {
    public Start {
        objects = List.copyOf(objects);
        notes = List.copyOf(notes);
    }
}
