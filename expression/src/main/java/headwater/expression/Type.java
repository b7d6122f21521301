// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

/** What an expression gives. */
public enum Type {
    BOOL("true or false"),
    /** 64 bits, signed; sizes are numbers of bytes. */
    INT("a number"),
    STRING("a string"),
    /** Nanoseconds since the Unix epoch. */
    TIME("a time"),
    /** Nanoseconds. */
    DURATION("a duration"),
    STRINGS("a list of strings"),
    INTS("a list of numbers"),
    /** Nothing but {@code null}. */
    NULL("null"),
    /** Something with fields. */
    THING("a thing with fields");

    private final String text;

    Type(String text) {
        this.text = text;
    }

    /** With its article, for messages. */
    public String text() {
        return text;
    }

    /** True for what a 64-bit number holds. */
    public boolean isNumeric() {
        return this == INT || this == TIME || this == DURATION;
    }
}
