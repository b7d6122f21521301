// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.model.NodeKind;
import headwater.model.Relation;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What {@code camflow.ini} says: what is captured, and how. Immutable; a missing key is false, zero or empty, as it is to CamFlow.
 *
 * @param files by path
 * @param ipv4Egress by remote address, of sockets that connect
 * @param ipv4Ingress by local address, of sockets that bind
 * @param ipv6Egress as {@code ipv4Egress}; Headwater's
 * @param ipv6Ingress as {@code ipv4Ingress}; Headwater's
 * @param users by name
 * @param groups by name
 * @param contexts security contexts of the major LSM
 * @param cgroups control groups by their path in the unified hierarchy, beginning with {@code /}; Headwater's
 * @param namespaces Headwater's
 * @param taints one for each path; Headwater's
 * @param settings Headwater's
 * @param annotation which lines of logs become annotations; Headwater's
 */
public record CamflowConfig(Provenance provenance, Compression compression, Marks<RawText> files, Marks<AddressRange> ipv4Egress,
        Marks<AddressRange> ipv4Ingress, Marks<AddressRange> ipv6Egress, Marks<AddressRange> ipv6Ingress, Marks<String> users,
        Marks<String> groups, Marks<String> contexts, Marks<RawText> cgroups, Marks<NamespaceId> namespaces, List<Taint> taints,
        Relay relay, Settings settings, LogAnnotation.Section annotation) {
    /** Where CamFlow has it. */
    public static final String PATH = "/etc/camflow.ini";

    public CamflowConfig {
        taints = List.copyOf(taints);
    }

    /**
     * Section {@code [provenance]}. The lists hold names of types, of which the model may not have all.
     *
     * @param machineId 0 to 4294967295; 0 means the stored random one
     * @param enabled whether anything is captured
     * @param all whether that is everything, or only what is marked
     * @param nodeFilter node types that are not recorded
     * @param relationFilter relation types that are not recorded
     * @param propagateNodeFilter node types that marks and taint do not pass into
     * @param propagateRelationFilter relation types that marks and taint do not pass
     */
    public record Provenance(long machineId, boolean enabled, boolean all, List<String> nodeFilter, List<String> relationFilter,
            List<String> propagateNodeFilter, List<String> propagateRelationFilter) {
        public Provenance {
            nodeFilter = List.copyOf(nodeFilter);
            relationFilter = List.copyOf(relationFilter);
            propagateNodeFilter = List.copyOf(propagateNodeFilter);
            propagateRelationFilter = List.copyOf(propagateRelationFilter);
        }

        /** A fresh set of the kinds that {@link #nodeFilter} names. */
        public Set<NodeKind> nodesNotRecorded() {
            return kinds(nodeFilter);
        }

        /** A fresh set of the relations that {@link #relationFilter} names. */
        public Set<Relation> relationsNotRecorded() {
            return relations(relationFilter);
        }

        /** A fresh set of the kinds that {@link #propagateNodeFilter} names. */
        public Set<NodeKind> nodesNotPassedInto() {
            return kinds(propagateNodeFilter);
        }

        /** A fresh set of the relations that {@link #propagateRelationFilter} names. */
        public Set<Relation> relationsNotPassed() {
            return relations(propagateRelationFilter);
        }

        private static Set<NodeKind> kinds(List<String> names) {
            Set<NodeKind> kinds = EnumSet.noneOf(NodeKind.class);
            names.stream().map(NodeKind::ofText).filter(Objects::nonNull).forEach(kinds::add);
            return kinds;
        }

        private static Set<Relation> relations(List<String> names) {
            Set<Relation> relations = EnumSet.noneOf(Relation.class);
            names.stream().map(Relation::ofText).filter(Objects::nonNull).forEach(relations::add);
            return relations;
        }
    }

    /**
     * Section {@code [compression]}.
     *
     * @param version whether objects have versions
     * @param node whether a new version is made only where it keeps the graph acyclic
     * @param edge whether the repetition of an edge is left out
     * @param duplicate whether both ends are written again with each edge
     */
    public record Compression(boolean version, boolean node, boolean edge, boolean duplicate) {
    }

    /**
     * Section {@code [relay]}, CamFlow's buffers.
     *
     * @param buffExp the size of one as a power of two, 12 to 30; 0 if it is not given
     * @param subufNb how many, 1 to 65536; 0 if it is not given
     */
    public record Relay(int buffExp, int subufNb) {
        /** The size in MiB, rounded up to a power of two; 0 if one of both is not given. */
        int mebibytes() {
            if (buffExp == 0 || subufNb == 0) {
                return 0;
            }
            long bytes = (long) subufNb << buffExp;
            long mebibytes = Math.clamp((bytes + (1 << 20) - 1) >> 20, 1, Settings.RING_MIB_MAX);
            return Integer.highestOneBit((int) (2 * mebibytes - 1));
        }
    }

    /**
     * Section {@code [headwater]}. The words are those of the options of {@code headwater start}.
     *
     * @param frontEnd one of {@link #FRONT_ENDS}
     * @param onLoss one of {@link #ON_LOSS}
     * @param ringMib the size of each CPU's ring, a power of two up to {@link #RING_MIB_MAX}; 0 if it is not given:
     *         {@link CamflowConfig#ringMib} has what holds
     * @param store the folder, absolute; empty if it is not given
     * @param environment one of {@link #ENVIRONMENT}
     * @param packets {@link #NO_PACKETS}, {@link #ALL_PACKETS}, or the path of the control group whose packets are recorded
     * @param group its members may use the control socket; empty: root alone
     */
    public record Settings(String frontEnd, String onLoss, int ringMib, RawText store, String environment, RawText packets,
            String group) {
        public static final List<String> FRONT_ENDS = List.of("auto", "lsm", "fexit", "trace");
        public static final List<String> ON_LOSS = List.of("record", "shed", "block");
        public static final List<String> ENVIRONMENT = List.of("none", "names", "values");
        public static final int RING_MIB_MAX = 512;
        static final int RING_MIB = 16;
        public static final RawText NO_PACKETS = RawText.of("none");
        public static final RawText ALL_PACKETS = RawText.of("all");

        /** What holds where the section says nothing. */
        public static final Settings DEFAULT = new Settings("auto", "record", 0, RawText.of(""), "none", NO_PACKETS, "");
    }

    /** What holds where there is no file: all of the system is captured, as {@code headwater start} always did. */
    public static CamflowConfig withoutFile() {
        return new CamflowConfig(new Provenance(0, true, true, List.of(), List.of(), List.of(), List.of()),
                new Compression(true, true, true, false), Marks.none(), Marks.none(), Marks.none(), Marks.none(), Marks.none(),
                Marks.none(), Marks.none(), Marks.none(), Marks.none(), Marks.none(), List.of(), new Relay(0, 0), Settings.DEFAULT,
                LogAnnotation.Section.NONE);
    }

    /** The size of each CPU's ring that holds, in MiB: {@code ring_size}, else of {@code [relay]}, else 16; a power of two. */
    public int ringMib() {
        if (settings.ringMib != 0) {
            return settings.ringMib;
        }
        return relay.mebibytes() == 0 ? Settings.RING_MIB : relay.mebibytes();
    }

    /** The same with all that has a default spelt out. */
    public CamflowConfig inEffect() {
        return new CamflowConfig(provenance, compression, files, ipv4Egress, ipv4Ingress, ipv6Egress, ipv6Ingress, users, groups,
                contexts, cgroups, namespaces, taints, relay, new Settings(settings.frontEnd, settings.onLoss, ringMib(),
                        settings.store, settings.environment, settings.packets, settings.group), annotation);
    }

    /** All sections and keys with what they hold, CamFlow's in the order of {@code camflow -c}. */
    public List<Setting.Section> sections() {
        return CamflowSettings.of(this);
    }

    /**
     * As a file that {@link #parse} reads to the same, and CamFlow too. What the syntax cannot write becomes a comment.
     *
     * @param comment the first line's; no newline in it
     */
    public byte[] toIni(String comment) {
        return IniWriter.write(comment, sections()).bytes();
    }

    /** What {@link #toIni} cannot write, a line each: such as a path that ends with a blank. */
    public List<String> notWritable() {
        return IniWriter.write("", sections()).leftOut();
    }

    /**
     * Reads a file.
     *
     * @param file its name, for the problems
     * @param bytes its content
     * @param machine where names of files, users and groups are looked up
     */
    public static Parsed<CamflowConfig> parse(String file, byte[] bytes, Machine machine) {
        Problems problems = new Problems(file);
        IniFile ini = new IniParser(problems).parse(bytes);
        CamflowConfig config = new CamflowReader(problems, machine).read(ini);
        return Parsed.of(config, problems);
    }
}
