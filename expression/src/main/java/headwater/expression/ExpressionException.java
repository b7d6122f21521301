// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

/**
 * A text that is not of the language, or asks for what there is not. The message has three lines: what is wrong and
 * what to do, the line of the text in which it stands, and a caret under the place.
 */
public final class ExpressionException extends Exception {
    private static final int SHOWN = 100;

    private final int at;
    private final String reason;

    /**
     * @param text the whole text
     * @param at index of the place, from 0 to the length of the text
     * @param reason one clause, with what to do next
     */
    public ExpressionException(String text, int at, String reason) {
        super(message(text, Math.clamp(at, 0, text.length()), reason));
        this.at = Math.clamp(at, 0, text.length());
        this.reason = reason;
    }

    /** Index of the place in the text, from 0. */
    public int at() {
        return at;
    }

    /** Without the place. */
    public String reason() {
        return reason;
    }

    private static String message(String text, int at, String reason) {
        int start = text.lastIndexOf('\n', at - 1) + 1;
        int end = text.indexOf('\n', at);
        String line = text.substring(start, end < 0 ? text.length() : end);
        long lineNumber = text.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
        int column = at - start;
        int cut = Math.max(0, column - SHOWN / 2);
        String shown = line.substring(cut, Math.min(line.length(), cut + SHOWN)).replaceAll("\\p{Cntrl}", " ");
        return reason + " (" + (lineNumber > 1 ? "line " + lineNumber + ", " : "") + "column " + (column + 1) + ")\n  "
                + shown + "\n  "
                + " ".repeat(column - cut) + "^";
    }
}
