// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/** W3C PROV-DM's three classes of node. */
public enum ProvClass {
    ACTIVITY("activity", "Activity"),
    ENTITY("entity", "Entity"),
    AGENT("agent", "Agent");

    private final String section;
    private final String spadeType;

    ProvClass(String section, String spadeType) {
        this.section = section;
        this.spadeType = spadeType;
    }

    /** The name of the PROV-JSON section that holds nodes of this class. */
    public String section() {
        return section;
    }

    /** The vertex {@code type} in SPADE's JSON. */
    public String spadeType() {
        return spadeType;
    }
}
