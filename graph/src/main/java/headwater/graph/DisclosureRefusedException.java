// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/** What a program tells cannot be drawn; nothing of it was. The message is for the program. */
public final class DisclosureRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final String code;

    /** @param code one word for programs, such as {@code not-recorded} */
    public DisclosureRefusedException(String code, String message) {
        super(message);
        this.code = code;
    }

    public String code() {
        return code;
    }
}
