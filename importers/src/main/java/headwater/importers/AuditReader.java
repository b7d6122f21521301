// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.io.IOException;
import java.io.InputStream;

/** Reads audit. */
final class AuditReader {
    AuditReader(InputStream in, StatementSink sink) {
    }

    void read() throws IOException {
    }
}
