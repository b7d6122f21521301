// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.Answer;
import java.io.IOException;
import java.io.OutputStream;

/** One form in which an answer is written. Implementations keep no state between calls. */
public interface AnswerFormat {
    /** The word after {@code --format}. */
    String name();

    /**
     * Writes {@code answer} to {@code out}, which the caller closes.
     *
     * @throws IOException if {@code out} refuses, or a program that draws is missing or fails; the message says what to
     * do
     */
    void write(Answer answer, Detail detail, OutputStream out) throws IOException;

    /** False if what is missing of an answer has no place in this format: then the caller has to say it elsewhere. */
    default boolean saysWhatIsMissing() {
        return false;
    }

    /**
     * How much of an answer a person sees; formats for machines show all.
     *
     * @param fold put files that were used alike together
     * @param figures figures in a picture, at most, from 1
     */
    record Detail(boolean fold, int figures) {
        /** Figures that a person still takes in at a glance. */
        public static final int DEFAULT_FIGURES = 40;

        public static final Detail DEFAULT = new Detail(true, DEFAULT_FIGURES);
    }
}
