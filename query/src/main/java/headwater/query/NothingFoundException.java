// SPDX-License-Identifier: Apache-2.0
package headwater.query;

/** The record holds nothing that a WHAT names. The message says what was looked for and what to try. */
public final class NothingFoundException extends Exception {
    public NothingFoundException(String message) {
        super(message);
    }
}
