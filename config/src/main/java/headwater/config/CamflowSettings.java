// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.config.CamflowConfig.Compression;
import headwater.config.CamflowConfig.Provenance;
import headwater.config.CamflowConfig.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A {@link CamflowConfig} as sections and keys: CamFlow's in the order of {@code camflow -c}, then Headwater's. */
final class CamflowSettings {
    private CamflowSettings() {
    }

    static List<Setting.Section> of(CamflowConfig config) {
        List<Setting.Section> sections = new ArrayList<>();
        sections.add(provenance(config.provenance()));
        sections.add(compression(config.compression()));
        sections.add(network("ipv4-ingress", Origin.CAMFLOW, config.ipv4Ingress()));
        sections.add(network("ipv4-egress", Origin.CAMFLOW, config.ipv4Egress()));
        sections.add(marks("user", Origin.CAMFLOW, config.users(), RawText::of));
        sections.add(marks("group", Origin.CAMFLOW, config.groups(), RawText::of));
        sections.add(marks("secctx", Origin.CAMFLOW, config.contexts(), RawText::of));
        sections.add(marks("file", Origin.CAMFLOW, config.files(), path -> path));
        CamflowConfig.Relay relay = config.relay();
        List<Setting> buffers = new ArrayList<>();
        if (relay.buffExp() != 0) {
            buffers.add(Setting.of("buff_exp", relay.buffExp()));
        }
        if (relay.subufNb() != 0) {
            buffers.add(Setting.of("subuf_nb", relay.subufNb()));
        }
        sections.add(new Setting.Section("relay", Origin.CAMFLOW, buffers));
        sections.add(network("ipv6-ingress", Origin.HEADWATER, config.ipv6Ingress()));
        sections.add(network("ipv6-egress", Origin.HEADWATER, config.ipv6Egress()));
        sections.add(marks("cgroup", Origin.HEADWATER, config.cgroups(), path -> path));
        sections.add(marks("namespace", Origin.HEADWATER, config.namespaces(), id -> RawText.of(id.text())));
        sections.add(new Setting.Section("taint", Origin.HEADWATER,
                List.of(Setting.ofList("file", config.taints().stream().map(Taint::text).toList()))));
        sections.add(headwater(config.settings()));
        sections.add(annotation(config.annotation()));
        return sections;
    }

    private static Setting.Section provenance(Provenance provenance) {
        return new Setting.Section("provenance", Origin.CAMFLOW, List.of(
                Setting.of("machine_id", provenance.machineId()),
                Setting.of("enabled", provenance.enabled()),
                Setting.of("all", provenance.all()),
                Setting.ofTexts("node_filter", provenance.nodeFilter()),
                Setting.ofTexts("propagate_node_filter", provenance.propagateNodeFilter()),
                Setting.ofTexts("relation_filter", provenance.relationFilter()),
                Setting.ofTexts("propagate_relation_filter", provenance.propagateRelationFilter())));
    }

    private static Setting.Section compression(Compression compression) {
        return new Setting.Section("compression", Origin.CAMFLOW, List.of(
                Setting.of("version", compression.version()),
                Setting.of("node", compression.node()),
                Setting.of("edge", compression.edge()),
                Setting.of("duplicate", compression.duplicate())));
    }

    private static Setting.Section headwater(Settings settings) {
        List<Setting> keys = new ArrayList<>();
        keys.add(Setting.of("front_end", settings.frontEnd()));
        keys.add(Setting.of("on_loss", settings.onLoss()));
        if (settings.ringMib() != 0) {
            keys.add(Setting.of("ring_size", settings.ringMib()));
        }
        if (!settings.store().isEmpty()) {
            keys.add(Setting.of("store", settings.store()));
        }
        keys.add(Setting.of("environment", settings.environment()));
        keys.add(Setting.of("packets", settings.packets()));
        if (!settings.group().isEmpty()) {
            keys.add(Setting.of("group", settings.group()));
        }
        return new Setting.Section("headwater", Origin.HEADWATER, keys);
    }

    private static Setting.Section annotation(LogAnnotation.Section annotation) {
        List<Setting> keys = new ArrayList<>();
        if (annotation.rules().isEmpty()) {
            return new Setting.Section("annotation", Origin.HEADWATER, keys);
        }
        keys.add(named("file", annotation, LogAnnotation::files));
        keys.add(named("syslog", annotation, rule -> rule.tags().stream().map(RawText::of).toList()));
        keys.add(named("journal", annotation, rule -> rule.units().stream().map(RawText::of).toList()));
        keys.add(named("pattern", annotation, rule -> given(rule.pattern(), "")));
        keys.add(named("unmatched", annotation, rule -> given(rule.unmatched(),
                rule.pattern().isEmpty() ? LogAnnotation.KEEP : LogAnnotation.DROP)));
        keys.add(named("path_group", annotation, rule -> given(rule.pathGroup(), LogAnnotation.PATH_GROUP)));
        keys.add(named("format", annotation, rule -> given(rule.format(), "")));
        keys.add(Setting.of("lines_per_second", annotation.linesPerSecond()));
        return new Setting.Section("annotation", Origin.HEADWATER, keys);
    }

    private static List<RawText> given(String value, String usual) {
        return value.equals(usual) ? List.of() : List.of(RawText.of(value));
    }

    /** A line for each value, behind the name of its rule. */
    private static Setting named(String key, LogAnnotation.Section annotation, Function<LogAnnotation, List<RawText>> values) {
        List<RawText> lines = new ArrayList<>();
        for (LogAnnotation rule : annotation.rules()) {
            values.apply(rule).forEach(value -> lines.add(RawText.ofLatin1(rule.name() + ' ' + value.latin1())));
        }
        return Setting.ofList(key, lines);
    }

    private static <T> Setting.Section marks(String name, Origin origin, Marks<T> marks, Function<T, RawText> text) {
        return section(name, origin, marks, text, Mark.TRACK, Mark.PROPAGATE, Mark.OPAQUE);
    }

    private static Setting.Section network(String name, Origin origin, Marks<AddressRange> marks) {
        return section(name, origin, marks, range -> RawText.of(range.text()), Mark.TRACK, Mark.PROPAGATE, Mark.RECORD);
    }

    private static <T> Setting.Section section(String name, Origin origin, Marks<T> marks, Function<T, RawText> text, Mark... taken) {
        List<Setting> settings = new ArrayList<>();
        for (Mark mark : taken) {
            settings.add(Setting.ofList(mark.text(), marks.of(mark).stream().map(text).toList()));
        }
        return new Setting.Section(name, origin, settings);
    }
}
