// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
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
    void writeAll(GraphView view, OutputStream out) throws IOException;
}
