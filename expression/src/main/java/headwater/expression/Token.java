// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

/**
 * One word of a text.
 *
 * @param text of a name, string or symbol what it says (a string without its quotes); else as it was written
 * @param number of a number or duration, its value
 * @param at index of its first character
 * @param end index after its last
 */
public record Token(Kind kind, String text, long number, int at, int end) {
    /** Sorts of word. */
    public enum Kind {
        NAME, STRING, INT, DURATION, SYMBOL, END
    }

    /** True for this symbol. */
    public boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** True for a name in backquotes, which is never a key word. */
    public boolean isQuoted() {
        return kind == Kind.NAME && end - at != text.length();
    }

    /** True for this word, in upper or lower case. */
    public boolean isWord(String word) {
        return kind == Kind.NAME && !isQuoted() && text.equalsIgnoreCase(word);
    }
}
