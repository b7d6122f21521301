// SPDX-License-Identifier: Apache-2.0
package headwater.model;

/**
 * W3C PROV's classes of relation, as CamFlow uses them. The order is part of {@link Relation#code()}: add at the end
 * only.
 */
public enum RelationClass {
    DERIVED("wasDerivedFrom", "prov:usedEntity", "prov:generatedEntity", 0x0080),
    GENERATED("wasGeneratedBy", "prov:activity", "prov:entity", 0x0040),
    USED("used", "prov:entity", "prov:activity", 0x0020),
    INFORMED("wasInformedBy", "prov:informant", "prov:informed", 0x0010),
    INFLUENCED("wasInfluencedBy", "prov:influencer", "prov:influencee", 0x0008),
    ASSOCIATED("wasAssociatedWith", "prov:agent", "prov:activity", 0x0004);

    private final String section;
    private final String causeKey;
    private final String effectKey;
    private final long typeBits;

    RelationClass(String section, String causeKey, String effectKey, long classBits) {
        this.section = section;
        this.causeKey = causeKey;
        this.effectKey = effectKey;
        this.typeBits = (0x8000L | classBits) << 48;
    }

    /** The name of the PROV-JSON section, such as {@code wasGeneratedBy}. */
    public String section() {
        return section;
    }

    /** The edge type in SPADE's JSON, such as {@code WasGeneratedBy}. */
    public String spadeType() {
        return Character.toUpperCase(section.charAt(0)) + section.substring(1);
    }

    /** The PROV-JSON member that names the cause. */
    public String causeKey() {
        return causeKey;
    }

    /** The PROV-JSON member that names the effect. */
    public String effectKey() {
        return effectKey;
    }

    long typeBits() {
        return typeBits;
    }
}
