// SPDX-License-Identifier: Apache-2.0
package headwater.agent.disclosure;

/** A line that is not as docs/disclosure.md has it; the message says what is wrong, to the program that sent it. */
final class MalformedRequestException extends Exception {
    private static final long serialVersionUID = 1;

    private final String id;

    MalformedRequestException(String id, String message) {
        super(message);
        this.id = id;
    }

    /** The request's id, empty if it has none or was not read so far. */
    String id() {
        return id;
    }
}
