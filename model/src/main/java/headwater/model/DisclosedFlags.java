// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * What the flags of a disclosed relation ({@link Relation#isDisclosed}) say.
 */
public final class DisclosedFlags {
    /**
     * The teller says that what it and the processes that it started have put into the effect so far comes from the causes that it
     * names so, and from nothing else.
     */
    public static final long EXHAUSTIVE = 1;
    /** The recorder's own: the effect is a node that this task told of. Of all disclosed edges only these were seen. */
    public static final long TELLER = 2;

    /** The edge's offset is the number of the object that holds the relation's own attributes ({@link Attribute#DISCLOSED}). */
    public static final long ATTRIBUTED = 4;

    private DisclosedFlags() {
    }
}
