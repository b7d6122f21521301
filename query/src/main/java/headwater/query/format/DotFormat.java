// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.Answer;
import headwater.query.Escapes;
import headwater.query.Question;
import headwater.query.picture.Picture;
import headwater.query.picture.PictureBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** A picture of the answer in Graphviz's language. */
public final class DotFormat implements AnswerFormat {
    @Override
    public String name() {
        return "dot";
    }

    @Override
    public void write(Answer answer, Detail detail, OutputStream out) throws IOException {
        out.write(dot(answer, detail).getBytes(StandardCharsets.UTF_8));
    }

    static String dot(Answer answer, Detail detail) {
        Picture picture = PictureBuilder.of(answer, detail.fold(), detail.figures());
        return DotWriter.write(picture, caption(answer, picture));
    }

    private static String caption(Answer answer, Picture picture) {
        Question question = answer.question();
        StringBuilder caption = new StringBuilder("headwater ").append(question.verb());
        question.whats().forEach(what -> caption.append(' ').append(Escapes.toLine(what)));
        caption.append(question.limits().disclosed() ? " --disclosed" : "");
        caption.append(" — ").append(answer.completeness().complete() ? "complete" : "incomplete");
        if (picture.hidden() > 0) {
            caption.append(", ").append(picture.hidden()).append(" figures not shown");
        }
        return caption.toString();
    }
}
