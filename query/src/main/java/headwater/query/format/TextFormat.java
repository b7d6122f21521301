// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.query.Answer;
import headwater.query.Question;
import headwater.query.picture.Picture;
import headwater.query.picture.PictureBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** The answer for a person at a terminal; its last line says whether it is complete. */
public final class TextFormat implements AnswerFormat {
    @Override
    public boolean saysWhatIsMissing() {
        return true;
    }

    @Override
    public String name() {
        return "text";
    }

    @Override
    public void write(Answer answer, Detail detail, OutputStream out) throws IOException {
        StringBuilder text = new StringBuilder();
        if (answer.extent() != null) {
            new CrowdText(answer).write(text);
        }
        switch (answer.question().verb()) {
            case Question.EXPLAIN -> new ExplainText(answer).write(text);
            case Question.REPORT -> new ReportText(answer, detail.fold()).write(text);
            default -> {
                Picture picture = PictureBuilder.of(answer, detail.fold(), Integer.MAX_VALUE);
                new LineageText(answer, picture, detail.fold()).write(text);
            }
        }
        new TextEnding(answer).write(text);
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }
}
