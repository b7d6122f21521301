// SPDX-License-Identifier: Apache-2.0
package headwater.systemtests;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;

/**
 * Boots guests, which takes minutes. Run after all other tests, two classes at a time, as a guest has one processor ({@code pom.xml}); not
 * at all if {@code HEADWATER_GUESTS} is {@code none}.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Tag("guest")
@DisabledIfEnvironmentVariable(named = "HEADWATER_GUESTS", matches = "none", disabledReason = "no guest is wanted: HEADWATER_GUESTS=none")
@interface GuestTest {
    /** The order of the class that takes longest: it begins first, and the others run beside it. */
    int LONGEST = 1;
}
