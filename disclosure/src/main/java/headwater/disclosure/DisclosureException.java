// SPDX-License-Identifier: Apache-2.0
package headwater.disclosure;

import java.io.IOException;

/** Headwater refused what was told; nothing of that statement is in the record. */
public final class DisclosureException extends IOException {
    private static final long serialVersionUID = 1;

    private final String code;

    DisclosureException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** One word that says why, such as {@code not-recorded}; {@code docs/disclosure.md} lists them. */
    public String code() {
        return code;
    }
}
