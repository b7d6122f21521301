// SPDX-License-Identifier: Apache-2.0
package headwater.store.keys;

/** A signed line does not follow its grammar. The message says where. */
public final class MalformedLineException extends Exception {
    public MalformedLineException(String message) {
        super(message);
    }
}
