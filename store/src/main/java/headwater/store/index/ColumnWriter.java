// SPDX-License-Identifier: Apache-2.0
package headwater.store.index;

import java.io.IOException;

/** A part of a sealed segment that is being made in memory. */
interface ColumnWriter extends AutoCloseable {
    /** How long it is; nothing is put after this was asked. */
    long length();

    void writeTo(SectionWriter to) throws IOException;

    @Override
    void close();
}
