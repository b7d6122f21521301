// SPDX-License-Identifier: Apache-2.0
package headwater.evidence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of W3C PROV's notations: of each PROV-JSON section the arguments in PROV-N's order, and the class in
 * JSON-LD.
 */
final class ProvTerms {
    /**
     * @param type the class that PROV-JSONLD has
     * @param arguments the keys whose values are no attributes
     */
    record Term(String type, List<String> arguments) {
    }

    static final Map<String, Term> BY_SECTION = new LinkedHashMap<>();
    /** CamFlow's vocabulary as CamFlow names it. */
    static final Map<String, String> PREFIXES = new LinkedHashMap<>();

    static {
        term("entity", "Entity");
        term("activity", "Activity", "prov:startTime", "prov:endTime");
        term("agent", "Agent");
        term("used", "Usage", "prov:activity", "prov:entity", "prov:time");
        term("wasGeneratedBy", "Generation", "prov:entity", "prov:activity", "prov:time");
        term("wasDerivedFrom", "Derivation", "prov:generatedEntity", "prov:usedEntity", "prov:activity",
                "prov:generation", "prov:usage");
        term("wasInformedBy", "Communication", "prov:informed", "prov:informant");
        term("wasAssociatedWith", "Association", "prov:activity", "prov:agent", "prov:plan");
        term("wasInfluencedBy", "Influence", "prov:influencee", "prov:influencer");
        term("wasAttributedTo", "Attribution", "prov:entity", "prov:agent");
        term("actedOnBehalfOf", "Delegation", "prov:delegate", "prov:responsible", "prov:activity");
        term("wasStartedBy", "Start", "prov:activity", "prov:trigger", "prov:starter", "prov:time");
        term("wasEndedBy", "End", "prov:activity", "prov:trigger", "prov:ender", "prov:time");
        term("wasInvalidatedBy", "Invalidation", "prov:entity", "prov:activity", "prov:time");
        term("specializationOf", "Specialization", "prov:specificEntity", "prov:generalEntity");
        term("alternateOf", "Alternate", "prov:alternate1", "prov:alternate2");
        term("hadMember", "Membership", "prov:collection", "prov:entity");
        PREFIXES.put("cf", "http://www.camflow.org#");
        PREFIXES.put("hw", "urn:headwater:");
        PREFIXES.put("audit", "urn:headwater:audit:");
        PREFIXES.put("xsd", "http://www.w3.org/2001/XMLSchema#");
    }

    private ProvTerms() {
    }

    private static void term(String section, String type, String... arguments) {
        BY_SECTION.put(section, new Term(type, List.of(arguments)));
    }

    /** True for the relations that neither PROV-N nor PROV-JSONLD lets have attributes. */
    static boolean isBare(String section) {
        return section.equals("specializationOf") || section.equals("alternateOf") || section.equals("hadMember");
    }
}
