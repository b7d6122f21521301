// SPDX-License-Identifier: Apache-2.0
package headwater.store;

/** A store cannot be used as asked; the message names the thing, its values, and the next step. */
public class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
