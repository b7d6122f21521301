// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * A compiled expression, or the way to read a field: what is asked of a subject of type {@code C}. A value may be
 * unknown: a file has no process id. An unknown truth is false.
 *
 * @param <C> what it is asked of
 */
public final class Code<C> {
    /** The number that is none: unknown. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private final Type type;
    private final Predicate<C> test;
    private final ToLongFunction<C> number;
    private final Function<C, ?> object;
    private final Fields<?> fields;

    private Code(Type type, Predicate<C> test, ToLongFunction<C> number, Function<C, ?> object, Fields<?> fields) {
        this.type = type;
        this.test = test;
        this.number = number;
        this.object = object;
        this.fields = fields;
    }

    public static <C> Code<C> bool(Predicate<C> test) {
        return new Code<>(Type.BOOL, test, null, null, null);
    }

    /**
     * @param type INT, TIME or DURATION
     * @param number gives {@link #UNKNOWN} if it is not known
     */
    public static <C> Code<C> number(Type type, ToLongFunction<C> number) {
        return new Code<>(type, null, number, null, null);
    }

    /**
     * @param string gives null if it is not known
     */
    public static <C> Code<C> string(Function<C, String> string) {
        return new Code<>(Type.STRING, null, null, string, null);
    }

    /**
     * @param list gives null if it is not known
     */
    public static <C> Code<C> strings(Function<C, List<String>> list) {
        return new Code<>(Type.STRINGS, null, null, list, null);
    }

    static <C> Code<C> ints(Function<C, List<Long>> list) {
        return new Code<>(Type.INTS, null, null, list, null);
    }

    /**
     * Something with fields.
     *
     * @param thing gives null if there is none
     */
    public static <C, S> Code<C> thing(Fields<S> fields, Function<C, S> thing) {
        return new Code<>(Type.THING, null, null, thing, fields);
    }

    static <C> Code<C> nothing() {
        return new Code<>(Type.NULL, null, null, c -> null, null);
    }

    public Type type() {
        return type;
    }

    /** The fields of a THING, else null. */
    Fields<?> fields() {
        return fields;
    }

    /** Of a BOOL: whether it is known to be true. */
    public boolean test(C subject) {
        return test.test(subject);
    }

    /** Of an INT, TIME or DURATION: the number, or {@link #UNKNOWN}. */
    public long number(C subject) {
        return number.applyAsLong(subject);
    }

    /** Of a STRING: the string, or null. */
    public String string(C subject) {
        return (String) object.apply(subject);
    }

    /** Of a list: a List, or null. */
    List<?> list(C subject) {
        return (List<?>) object.apply(subject);
    }

    /** Of any type: a Boolean, a Long, a String, a List, a thing, or null if it is unknown. */
    public Object value(C subject) {
        if (test != null) {
            return test.test(subject);
        }
        if (number != null) {
            long value = number.applyAsLong(subject);
            return value == UNKNOWN ? null : value;
        }
        return object.apply(subject);
    }

    /** True if the value is known. */
    boolean known(C subject) {
        return test != null || (number != null ? number.applyAsLong(subject) != UNKNOWN
                : object.apply(subject) != null);
    }

    /** The same, asked of what {@code inner} finds in another subject; unknown if that is nothing. */
    <D> Code<D> of(Function<D, C> inner) {
        if (test != null) {
            return bool(d -> {
                C subject = inner.apply(d);
                return subject != null && test.test(subject);
            });
        }
        if (number != null) {
            return number(type, d -> {
                C subject = inner.apply(d);
                return subject == null ? UNKNOWN : number.applyAsLong(subject);
            });
        }
        return new Code<>(type, null, null, d -> {
            C subject = inner.apply(d);
            return subject == null ? null : object.apply(subject);
        }, fields);
    }

    @SuppressWarnings("unchecked")
    Code<C> select(String field) {
        // What made the thing gave both its fields and the way to it.
        Fields<Object> of = (Fields<Object>) fields;
        Code<Object> code = of.code(field);
        return code == null ? null : code.of((Function<C, Object>) object);
    }
}
