// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import java.io.IOException;

/** A source is of no format that is known. */
public final class UnknownFormatException extends IOException {
    private static final long serialVersionUID = 1;

    UnknownFormatException(String message) {
        super(message);
    }
}
