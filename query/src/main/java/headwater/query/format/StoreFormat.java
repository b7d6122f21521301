// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.query.Selection;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A form in which a whole store can be written, node by node and edge by edge, in memory that does not grow with
 * it.
 */
public interface StoreFormat {
    /** The word after {@code --format}. */
    String name();

    /** Writes all of {@code view} to {@code out}, which the caller closes. */
    default void writeAll(GraphView view, OutputStream out) throws IOException {
        write(view, Selection.ALL, out);
    }

    /** Writes what is selected of {@code view} to {@code out}, which the caller closes. */
    void write(GraphView view, Selection selection, OutputStream out) throws IOException;
}
