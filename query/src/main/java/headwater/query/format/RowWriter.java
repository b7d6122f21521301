// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.match.GraphQuery;
import java.io.IOException;

/** Writes the rows of a query's answer as they come. */
public interface RowWriter extends GraphQuery.Rows {
    /** Writes what stands below the rows; called once, at the end. */
    void end(GraphQuery.Ending ending) throws IOException;

    /** How many rows came. */
    long rows();
}
