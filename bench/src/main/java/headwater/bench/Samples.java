// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.util.Arrays;
import java.util.Locale;

/** What was measured, round after round. One thread. */
public final class Samples {
    private double[] values = new double[16];
    private int count;

    public void add(double value) {
        if (count == values.length) {
            values = Arrays.copyOf(values, count * 2);
        }
        values[count++] = value;
    }

    /** The middle value; of an even number the lower of the two. NaN if there is none. */
    public double median() {
        return count == 0 ? Double.NaN : sorted()[(count - 1) / 2];
    }

    /** How far highest and lowest lie apart, as a part of the median. */
    double spread() {
        double[] sorted = sorted();
        return count == 0 ? 0 : (sorted[count - 1] - sorted[0]) / median();
    }

    /** The value that {@code percent} of 100 do not exceed. NaN if there is none. */
    double percentile(int percent) {
        return count == 0 ? Double.NaN : sorted()[Math.min(count - 1, count * percent / 100)];
    }

    int count() {
        return count;
    }

    private double[] sorted() {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted;
    }

    /** Median, lowest and highest, for people: {@code 6.3 (6.1–7.0)}. */
    public String text(int decimals) {
        if (count == 0) {
            return "–";
        }
        double[] sorted = sorted();
        String number = "%,." + decimals + "f";
        return String.format(Locale.ROOT, number + " (" + number + "–" + number + ")", median(), sorted[0],
                sorted[count - 1]);
    }
}
