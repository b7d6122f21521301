// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The fields that things of one sort have: the one place that says so, for the check, for what runs, and for the
 * documentation. Immutable once built.
 *
 * @param <S> what the fields are read from
 */
public final class Fields<S> {
    /**
     * @param doc one clause, for people
     */
    public record Field<S>(String name, String doc, Code<S> code) {
    }

    private final String what;
    private final Map<String, Field<S>> fields = new LinkedHashMap<>();
    private final Map<String, Supplier<Code<S>>> things = new LinkedHashMap<>();
    private final Map<String, String> thingDocs = new LinkedHashMap<>();

    /**
     * @param what what has these fields, such as {@code a node}
     */
    public Fields(String what) {
        this.what = what;
    }

    /** Adds a field; a later one of the same name replaces it. */
    public Fields<S> with(String name, String doc, Code<S> code) {
        fields.put(name, new Field<>(name, doc, code));
        return this;
    }

    /** Adds a thing with fields of its own, which may be this table. */
    public Fields<S> withThing(String name, String doc, Supplier<Code<S>> code) {
        things.put(name, code);
        thingDocs.put(name, doc);
        return this;
    }

    /** What has these fields. */
    public String what() {
        return what;
    }

    /** In the order in which they were added, without things. */
    public Collection<Field<S>> all() {
        return fields.values();
    }

    /** The things with fields of their own, by name, and what each is. */
    public Map<String, String> things() {
        return thingDocs;
    }

    /** The way to read a field, null if there is none of that name. */
    public Code<S> code(String name) {
        Field<S> field = fields.get(name);
        if (field != null) {
            return field.code();
        }
        Supplier<Code<S>> thing = things.get(name);
        return thing == null ? null : thing.get();
    }

    /** All names, for suggestions. */
    public Collection<String> names() {
        List<String> names = new ArrayList<>(fields.keySet());
        names.addAll(things.keySet());
        return names;
    }
}
