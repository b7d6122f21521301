// SPDX-License-Identifier: Apache-2.0
package headwater.query.picture;

import java.util.List;

/**
 * Figures and the arrows between them.
 *
 * @param figures in the order in which they were reached
 * @param hidden how many figures were left out because there are too many
 * @param lookedAt how many files were left out because only their name or permissions were looked at
 */
public record Picture(List<Figure> figures, List<Arrow> arrows, int hidden, int lookedAt) {
    public Picture {
        figures = List.copyOf(figures);
        arrows = List.copyOf(arrows);
    }
}
