// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import java.util.List;

/** All formats. A new one is one line here. */
public final class Formats {
    private static final List<AnswerFormat> ANSWER = List.of(new TextFormat(), new JsonFormat(), new DotFormat(),
            new SvgFormat(), new W3cFormat(), new SpadeFormat());
    private static final List<StoreFormat> STORE = List.of(new W3cFormat(), new SpadeFormat(), new JsonFormat());

    private Formats() {
    }

    public static List<AnswerFormat> ofAnswers() {
        return ANSWER;
    }

    public static List<StoreFormat> ofStores() {
        return STORE;
    }
}
