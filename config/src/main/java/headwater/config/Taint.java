// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.StringJoiner;

/**
 * The taint that a file starts with.
 *
 * @param path absolute
 * @param bits a bit for each of the 64 labels, not 0
 */
public record Taint(RawText path, long bits) {
    /** The numbers of the labels, 0 to 63, between commas. */
    public String numbers() {
        StringJoiner numbers = new StringJoiner(",");
        for (long rest = bits; rest != 0; rest &= rest - 1) {
            numbers.add(Integer.toString(Long.numberOfTrailingZeros(rest)));
        }
        return numbers.toString();
    }

    /** As it stands in the file: the numbers, a blank, the path. */
    public RawText text() {
        return RawText.ofLatin1(numbers() + ' ' + path.latin1());
    }
}
