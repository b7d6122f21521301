// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.Collection;

/**
 * What the bare names of an expression mean.
 *
 * @param <C> what compiled code is asked of
 */
public interface Scope<C> {
    /** What {@code name} means, null if nothing. */
    Code<C> name(String name);

    /** The names that mean something, for suggestions. */
    Collection<String> names();

    /** Where to read more; ends the message about an unknown name. */
    default String hint() {
        return "";
    }

    /** The fields of the subject itself. */
    static <C> Scope<C> of(Fields<C> fields) {
        return new Scope<>() {
            @Override
            public Code<C> name(String name) {
                return fields.code(name);
            }

            @Override
            public Collection<String> names() {
                return fields.names();
            }
        };
    }
}
