// SPDX-License-Identifier: Apache-2.0
package headwater.bench;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Figures as they are found, and what was aimed at. For one thread. */
public final class Report {
    private final Map<String, String> rows = new LinkedHashMap<>();
    private boolean missed;

    public void say(String name, double value, String unit) {
        row(name, value, unit, "", "");
    }

    public void atLeast(String name, double value, String unit, double target) {
        verdict(name, value, unit, ">= " + number(target), value >= target);
    }

    public void atMost(String name, double value, String unit, double target) {
        verdict(name, value, unit, "<= " + number(target), value <= target);
    }

    /** True if a target was missed. */
    public boolean missed() {
        return missed;
    }

    public void print() {
        System.out.println("| what | figure | unit | target | |");
        System.out.println("|---|---|---|---|---|");
        rows.values().forEach(System.out::println);
    }

    private void verdict(String name, double value, String unit, String target, boolean met) {
        missed |= !met;
        row(name, value, unit, target, met ? "met" : "**missed**");
    }

    private void row(String name, double value, String unit, String target, String verdict) {
        rows.put(name, "| " + name + " | " + number(value) + " | " + unit + " | " + target + " | " + verdict + " |");
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) >= 100 || value == Math.rint(value) && value < 100
                && value >= 0
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) < 0.1 ? "%.3f" : "%.2f", value);
    }
}
