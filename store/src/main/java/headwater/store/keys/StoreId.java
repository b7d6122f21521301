// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

import java.util.UUID;

/** The store's UUID as a field of signed lines. */
public final class StoreId {
    private StoreId() {
    }

    /** The field {@code store}, which must be next. */
    public static UUID take(SignedLine line) throws MalformedLineException {
        return takeUuid(line, "store");
    }

    /** A UUID in its usual form. */
    public static UUID takeUuid(SignedLine line, String name) throws MalformedLineException {
        String text = line.take(name);
        try {
            UUID id = UUID.fromString(text);
            if (id.toString().equals(text)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new MalformedLineException("not a UUID: field=" + name + ", value=" + text);
    }
}
