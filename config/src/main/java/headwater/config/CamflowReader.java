// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.config.CamflowConfig.Compression;
import headwater.config.CamflowConfig.Provenance;
import headwater.config.CamflowConfig.Relay;
import headwater.config.CamflowConfig.Settings;
import java.util.Optional;

/** Gives the keys of {@code camflow.ini} their meaning. An instance reads one file. */
final class CamflowReader {
    private static final long MACHINE_ID_MAX = 0xffff_ffffL;

    private final Problems problems;
    private final Machine machine;
    private final Values values;
    private final Schema schema;
    private final TypeFilter nodeFilter;
    private final TypeFilter relationFilter;
    private final TypeFilter propagateNodeFilter;
    private final TypeFilter propagateRelationFilter;
    private final MarksReader<RawText> files;
    private final MarksReader<AddressRange> ipv4Egress;
    private final MarksReader<AddressRange> ipv4Ingress;
    private final MarksReader<AddressRange> ipv6Egress;
    private final MarksReader<AddressRange> ipv6Ingress;
    private final MarksReader<String> users;
    private final MarksReader<String> groups;
    private final MarksReader<String> contexts;
    private final MarksReader<RawText> cgroups;
    private final MarksReader<NamespaceId> namespaces;
    private final TaintsReader taints;
    private final SettingsReader settings;
    private final AnnotationReader annotation;
    private long machineId;
    private boolean enabled;
    private boolean all;
    private boolean version;
    private boolean node;
    private boolean edge;
    private boolean duplicate;
    private int buffExp;
    private int subufNb;

    CamflowReader(Problems problems, Machine machine) {
        this.problems = problems;
        this.machine = machine;
        values = new Values(problems);
        schema = new Schema(problems);
        nodeFilter = new TypeFilter(true, true, problems);
        relationFilter = new TypeFilter(false, true, problems);
        propagateNodeFilter = new TypeFilter(true, false, problems);
        propagateRelationFilter = new TypeFilter(false, false, problems);
        provenanceAndCompression();
        Mark[] all = {Mark.TRACK, Mark.PROPAGATE, Mark.OPAQUE};
        Mark[] ofNetwork = {Mark.TRACK, Mark.PROPAGATE, Mark.RECORD};
        files = new MarksReader<>(problems, this::file).in(schema, "file", Origin.CAMFLOW, all);
        ipv4Egress = new MarksReader<>(problems, this::ipv4).in(schema, "ipv4-egress", Origin.CAMFLOW, ofNetwork);
        ipv4Ingress = new MarksReader<>(problems, this::ipv4).in(schema, "ipv4-ingress", Origin.CAMFLOW, ofNetwork);
        users = new MarksReader<>(problems, this::user).in(schema, "user", Origin.CAMFLOW, all);
        groups = new MarksReader<>(problems, this::group).in(schema, "group", Origin.CAMFLOW, all);
        contexts = new MarksReader<>(problems, values::text).in(schema, "secctx", Origin.CAMFLOW, all);
        relay();
        ipv6Egress = new MarksReader<>(problems, this::ipv6).in(schema, "ipv6-egress", Origin.HEADWATER, ofNetwork);
        ipv6Ingress = new MarksReader<>(problems, this::ipv6).in(schema, "ipv6-ingress", Origin.HEADWATER, ofNetwork);
        cgroups = new MarksReader<>(problems, this::cgroup).in(schema, "cgroup", Origin.HEADWATER, all);
        namespaces = new MarksReader<>(problems, entry -> values.parsed(entry, NamespaceId::of))
                .in(schema, "namespace", Origin.HEADWATER, all);
        taints = new TaintsReader(problems, machine, schema);
        settings = new SettingsReader(problems, machine, schema);
        annotation = new AnnotationReader(problems, schema);
        historic();
    }

    /** By the release notes of camconfd, and the files that it had. */
    private void historic() {
        for (String mark : new String[] {"track", "propagate", "opaque"}) {
            schema.historic("provenance", mark, "camconfd 0.3.3", "file", mark);
        }
        schema.historic("provenance", "tracked", "camconfd 0.1.5", "file", "track");
        schema.historic("provenance", "compress", "camconfd 0.3.4", "compression", "node");
    }

    private void provenanceAndCompression() {
        String section = "provenance";
        schema.single(section, "machine_id", Origin.CAMFLOW,
                entry -> machineId = values.number(entry, 0, MACHINE_ID_MAX).orElse(0));
        schema.single(section, "enabled", Origin.CAMFLOW, entry -> enabled = values.bool(entry));
        schema.single(section, "all", Origin.CAMFLOW, entry -> all = values.bool(entry));
        schema.list(section, "node_filter", Origin.CAMFLOW, nodeFilter::add);
        schema.list(section, "relation_filter", Origin.CAMFLOW, relationFilter::add);
        schema.list(section, "propagate_node_filter", Origin.CAMFLOW, propagateNodeFilter::add);
        schema.list(section, "propagate_relation_filter", Origin.CAMFLOW, propagateRelationFilter::add);
        section = "compression";
        schema.single(section, "version", Origin.CAMFLOW, entry -> version = values.bool(entry));
        schema.single(section, "node", Origin.CAMFLOW, entry -> node = values.bool(entry));
        schema.single(section, "edge", Origin.CAMFLOW, entry -> edge = values.bool(entry));
        schema.single(section, "duplicate", Origin.CAMFLOW, entry -> duplicate = values.bool(entry));
    }

    private void relay() {
        schema.single("relay", "buff_exp", Origin.CAMFLOW, entry -> {
            buffExp = (int) values.number(entry, 12, 30).orElse(0);
            if (!schema.isGiven("relay", "subuf_nb")) {
                halfARelay(entry, "subuf_nb");
            }
        });
        schema.single("relay", "subuf_nb", Origin.CAMFLOW, entry -> {
            subufNb = (int) values.number(entry, 1, 1 << 16).orElse(0);
            if (!schema.isGiven("relay", "buff_exp")) {
                halfARelay(entry, "buff_exp");
            }
        });
    }

    private void halfARelay(IniEntry entry, String other) {
        problems.warning(entry, "a buffer's size needs both keys: missing=" + other,
                "the default holds (16 MiB for each CPU); CamFlow itself would take 0, and stop the kernel");
    }

    /** The keys that there are; for those who list them. */
    Schema schema() {
        return schema;
    }

    /** Meaningless if the problems have an error. */
    CamflowConfig read(IniFile file) {
        schema.read(file);
        return new CamflowConfig(
                new Provenance(machineId, enabled, all, nodeFilter.finish(), relationFilter.finish(), propagateNodeFilter.finish(),
                        propagateRelationFilter.finish()),
                new Compression(version, node, edge, duplicate), files.finish(), ipv4Egress.finish(), ipv4Ingress.finish(),
                ipv6Egress.finish(), ipv6Ingress.finish(), users.finish(), groups.finish(), contexts.finish(), cgroups.finish(),
                namespaces.finish(), taints.finish(), new Relay(buffExp, subufNb), settings.finish(),
                annotation.finish());
    }

    private Optional<RawText> file(IniEntry entry) {
        RawText path = entry.value();
        if (!path.startsWith("/")) {
            problems.warning(entry, "not an absolute path", Values.isQuoted(path)
                    ? "remove the quotes: they are part of the value" : "it is looked up in /, where services start");
            path = RawText.ofLatin1('/' + path.latin1());
        }
        if (!machine.hasFile(path)) {
            problems.warning(entry, "no such file", "it gets no mark; make the file, then reload");
        }
        return Optional.of(path);
    }

    private Optional<AddressRange> ipv4(IniEntry entry) {
        return inPrefix(entry, values.parsed(entry, AddressRange::ofIpv4));
    }

    private Optional<AddressRange> ipv6(IniEntry entry) {
        return inPrefix(entry, values.parsed(entry, AddressRange::ofIpv6));
    }

    private Optional<AddressRange> inPrefix(IniEntry entry, Optional<AddressRange> range) {
        range.filter(r -> !AddressRange.isFirst(entry.value().toString(), r)).ifPresent(r -> problems.warning(entry,
                "the address has bits beyond its prefix", "it is taken as " + r.text()));
        return range;
    }

    private Optional<String> user(IniEntry entry) {
        Optional<String> name = values.text(entry);
        if (name.isPresent() && !machine.hasUser(name.get())) {
            problems.error(entry, "no such user", "make the user, or remove the line; CamFlow refuses it too");
            return Optional.empty();
        }
        return name;
    }

    private Optional<String> group(IniEntry entry) {
        Optional<String> name = values.text(entry);
        if (name.isPresent() && !machine.hasGroup(name.get())) {
            problems.error(entry, "no such group", "make the group, or remove the line; CamFlow refuses it too");
            return Optional.empty();
        }
        return name;
    }

    private Optional<RawText> cgroup(IniEntry entry) {
        return ControlGroupPath.of(entry, values);
    }
}
