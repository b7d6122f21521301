// SPDX-License-Identifier: Apache-2.0
package headwater.expression;

import java.util.List;

/** What the tests ask of: some fields of each type, of which any may be unknown. */
record Thing(String path, long size, long time, boolean open, List<String> names, Thing parent) {
    static final Fields<Thing> FIELDS = new Fields<Thing>("a thing")
            .with("path", "where", Code.string(Thing::path))
            .with("size", "how large", Code.number(Type.INT, Thing::size))
            .with("time", "when", Code.number(Type.TIME, Thing::time))
            .with("age", "how long", Code.number(Type.DURATION, thing -> thing.size() == Code.UNKNOWN ? Code.UNKNOWN
            : thing.size()))
            .with("open", "whether", Code.bool(Thing::open))
            .with("names", "all", Code.strings(Thing::names))
            .withThing("parent", "above", Thing::parentCode);

    private static Code<Thing> parentCode() {
        return Code.thing(FIELDS, Thing::parent);
    }

    static final Thing PARENT = new Thing("/srv", 1, 1_795_168_800_000_000_000L, false, List.of(), null);
    static final Thing ONE = new Thing("/srv/a.txt", 10_000_001, 1_795_168_800_000_000_000L, true, List.of("x", "y"),
            PARENT);
    static final Thing UNKNOWN = new Thing(null, Code.UNKNOWN, Code.UNKNOWN, false, null, null);
}
