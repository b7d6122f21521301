// SPDX-License-Identifier: Apache-2.0
package headwater.capture;

import java.util.ArrayList;
import java.util.List;

/**
 * What is recorded: decided in the kernel, before any work is done. Immutable; {@link Capture#policy} puts one in the place of another
 * while the capture runs. docs/selection.md says what each part means.
 *
 * @param enabled whether anything is recorded at all
 * @param all whether all that is neither opaque nor filtered is recorded, or only what touches what is tracked
 * @param filter what is not recorded
 * @param spreading along what marks do not spread
 * @param rules who is marked, and how; of addresses the first that fits counts, of all others all do
 */
public record Policy(boolean enabled, boolean all, Filter filter, Filter spreading, List<Rule> rules) {
    /** Everything that is followed is recorded. */
    public static final Policy EVERYTHING = new Policy(true, true, Filter.NONE, Filter.NONE, List.of());
    /** Only what is tracked, which at first nothing is. */
    public static final Policy TRACKED = new Policy(true, false, Filter.NONE, Filter.NONE, List.of());

    /** Whoever the target means bears these marks. */
    public record Rule(Target target, Marks marks) {
    }

    public Policy {
        rules = List.copyOf(rules);
        long addresses = rules.stream().filter(rule -> rule.target() instanceof Target.Address).count();
        if (addresses > headwater.record.PolicyLayout.ADDRESSES_MAX) {
            throw new IllegalArgumentException("too many addresses in a policy: addresses=" + addresses + ", at most="
                    + headwater.record.PolicyLayout.ADDRESSES_MAX + "; join some by a shorter prefix");
        }
    }

    public Policy withEnabled(boolean value) {
        return new Policy(value, all, filter, spreading, rules);
    }

    public Policy withAll(boolean value) {
        return new Policy(enabled, value, filter, spreading, rules);
    }

    public Policy withFilter(Filter value) {
        return new Policy(enabled, all, value, spreading, rules);
    }

    public Policy withSpreading(Filter value) {
        return new Policy(enabled, all, filter, value, rules);
    }

    /** With one rule more, the last. */
    public Policy with(Target target, Marks marks) {
        List<Rule> more = new ArrayList<>(rules);
        more.add(new Rule(target, marks));
        return new Policy(enabled, all, filter, spreading, more);
    }
}
