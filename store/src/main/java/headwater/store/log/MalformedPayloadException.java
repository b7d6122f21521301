// SPDX-License-Identifier: Apache-2.0
package headwater.store.log;

/** Bytes do not follow the grammar. Whoever knows the file and the offset turns it into an error that names them. */
public final class MalformedPayloadException extends Exception {
    private static final long serialVersionUID = 1;

    public MalformedPayloadException(String message) {
        super(message);
    }
}
