// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A form in which a graph is written node by node and edge by edge, in memory that does not grow with it. */
public interface GraphFormat {
    /** All of them. */
    static List<GraphFormat> all() {
        return List.of(new ProvNFormat(), new JsonLdFormat(), new GraphMlFormat(), new DotGraphFormat());
    }

    /** The word after {@code --format}. */
    String name();

    /** Writes {@code part} to {@code out}, which the caller closes. */
    void write(Part part, OutputStream out) throws IOException;
}
