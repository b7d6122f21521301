// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.NodeKind;
import headwater.model.ProvClass;
import headwater.model.Relation;
import java.util.HashMap;
import java.util.Map;

/**
 * The relations of W3C PROV-DM, as PROV-JSON and PROV-N write them, and as the graph takes them: information flows from
 * the cause to the effect, which is the first argument.
 */
enum ProvSection {
    USED("used", Relation.USED, "prov:activity", ProvClass.ACTIVITY, "prov:entity", ProvClass.ENTITY, "prov:time"),
    WAS_GENERATED_BY("wasGeneratedBy", Relation.WAS_GENERATED_BY, "prov:entity", ProvClass.ENTITY, "prov:activity",
    ProvClass.ACTIVITY,
            "prov:time"),
    WAS_DERIVED_FROM("wasDerivedFrom", Relation.WAS_DERIVED_FROM, "prov:generatedEntity", ProvClass.ENTITY,
    "prov:usedEntity",
            ProvClass.ENTITY, "prov:activity", "prov:generation", "prov:usage"),
    WAS_INFORMED_BY("wasInformedBy", Relation.WAS_INFORMED_BY, "prov:informed", ProvClass.ACTIVITY, "prov:informant",
            ProvClass.ACTIVITY),
    WAS_ASSOCIATED_WITH("wasAssociatedWith", Relation.WAS_ASSOCIATED_WITH, "prov:activity", ProvClass.ACTIVITY,
    "prov:agent",
            ProvClass.AGENT, "prov:plan"),
    WAS_INFLUENCED_BY("wasInfluencedBy", Relation.WAS_INFLUENCED_BY, "prov:influencee", ProvClass.ENTITY,
    "prov:influencer",
            ProvClass.ENTITY),
    WAS_ATTRIBUTED_TO("wasAttributedTo", Relation.WAS_ATTRIBUTED_TO, "prov:entity", ProvClass.ENTITY, "prov:agent",
    ProvClass.AGENT),
    ACTED_ON_BEHALF_OF("actedOnBehalfOf", Relation.ACTED_ON_BEHALF_OF, "prov:delegate", ProvClass.AGENT,
    "prov:responsible",
            ProvClass.AGENT, "prov:activity"),
    WAS_STARTED_BY("wasStartedBy", Relation.WAS_STARTED_BY, "prov:activity", ProvClass.ACTIVITY, "prov:trigger",
    ProvClass.ENTITY,
            "prov:starter", "prov:time"),
    WAS_ENDED_BY("wasEndedBy", Relation.WAS_ENDED_BY, "prov:activity", ProvClass.ACTIVITY, "prov:trigger",
    ProvClass.ENTITY,
            "prov:ender", "prov:time"),
    WAS_INVALIDATED_BY("wasInvalidatedBy", Relation.WAS_INVALIDATED_BY, "prov:entity", ProvClass.ENTITY,
    "prov:activity",
            ProvClass.ACTIVITY, "prov:time"),
    SPECIALIZATION_OF("specializationOf", Relation.SPECIALIZATION_OF, "prov:specificEntity", ProvClass.ENTITY,
    "prov:generalEntity",
            ProvClass.ENTITY),
    ALTERNATE_OF("alternateOf", Relation.ALTERNATE_OF, "prov:alternate1", ProvClass.ENTITY, "prov:alternate2",
    ProvClass.ENTITY),
    HAD_MEMBER("hadMember", Relation.HAD_MEMBER, "prov:collection", ProvClass.ENTITY, "prov:entity", ProvClass.ENTITY),
    MENTION_OF("mentionOf", Relation.MENTION_OF, "prov:specificEntity", ProvClass.ENTITY, "prov:generalEntity",
    ProvClass.ENTITY,
            "prov:bundle");

    private static final Map<String, ProvSection> BY_NAME = new HashMap<>();

    static {
        for (ProvSection section : values()) {
            BY_NAME.put(section.text, section);
        }
    }

    private final String text;
    private final Relation generic;
    private final String effectKey;
    private final ProvClass effectClass;
    private final String causeKey;
    private final ProvClass causeClass;
    private final String[] further;

    ProvSection(String text, Relation generic, String effectKey, ProvClass effectClass, String causeKey,
            ProvClass causeClass,
            String... further) {
        this.text = text;
        this.generic = generic;
        this.effectKey = effectKey;
        this.effectClass = effectClass;
        this.causeKey = causeKey;
        this.causeClass = causeClass;
        this.further = further;
    }

    /** The section named {@code text}, null if it is none. */
    static ProvSection of(String text) {
        return BY_NAME.get(text);
    }

    String text() {
        return text;
    }

    /** The relation of a statement whose type is not one of ours. */
    Relation generic() {
        return generic;
    }

    String effectKey() {
        return effectKey;
    }

    String causeKey() {
        return causeKey;
    }

    ProvClass effectClass() {
        return effectClass;
    }

    ProvClass causeClass() {
        return causeClass;
    }

    /** PROV-N's arguments after the first two, as PROV-JSON calls them. */
    String[] further() {
        return further;
    }

    /** The kind of what has a type that is not ours. */
    static NodeKind generic(ProvClass provClass) {
        return switch (provClass) {
            case ACTIVITY -> NodeKind.ACTIVITY;
            case ENTITY -> NodeKind.ENTITY;
            case AGENT -> NodeKind.AGENT;
        };
    }

    /** The class of a PROV-JSON section of nodes, null if it is none. */
    static ProvClass nodes(String section) {
        return switch (section) {
            case "activity" -> ProvClass.ACTIVITY;
            case "entity" -> ProvClass.ENTITY;
            case "agent" -> ProvClass.AGENT;
            default -> null;
        };
    }
}
