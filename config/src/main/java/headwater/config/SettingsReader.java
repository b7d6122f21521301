// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.config.CamflowConfig.Settings;
import java.util.Collection;
import java.util.function.Consumer;

/** Gathers the section {@code [headwater]}. */
final class SettingsReader {
    private static final String SECTION = "headwater";

    private final Problems problems;
    private final Values values;
    private final Machine machine;
    private final Schema schema;
    private String frontEnd = Settings.DEFAULT.frontEnd();
    private String onLoss = Settings.DEFAULT.onLoss();
    private int ringMib = Settings.DEFAULT.ringMib();
    private RawText store = Settings.DEFAULT.store();
    private String environment = Settings.DEFAULT.environment();
    private RawText packets = Settings.DEFAULT.packets();
    private String group = Settings.DEFAULT.group();

    SettingsReader(Problems problems, Machine machine, Schema schema) {
        this.problems = problems;
        this.values = new Values(problems);
        this.machine = machine;
        this.schema = schema;
        word("front_end", Settings.FRONT_ENDS, word -> frontEnd = word);
        word("on_loss", Settings.ON_LOSS, word -> onLoss = word);
        schema.single(SECTION, "ring_size", Origin.HEADWATER, this::ringSize);
        schema.single(SECTION, "store", Origin.HEADWATER, entry -> values.absolute(entry).ifPresent(path -> store = path));
        word("environment", Settings.ENVIRONMENT, word -> environment = word);
        schema.single(SECTION, "packets", Origin.HEADWATER, this::packets);
        schema.single(SECTION, "group", Origin.HEADWATER, this::group);
    }

    private void word(String key, Collection<String> words, Consumer<String> taker) {
        schema.single(SECTION, key, Origin.HEADWATER, entry -> values.word(entry, words).ifPresent(taker));
    }

    private void ringSize(IniEntry entry) {
        values.number(entry, 1, Settings.RING_MIB_MAX).ifPresent(size -> {
            if (Long.bitCount(size) != 1) {
                problems.error(entry, "not a power of two", "use 1, 2, 4, … " + Settings.RING_MIB_MAX + " (MiB for each CPU)");
            }
            ringMib = (int) size;
        });
    }

    private void packets(IniEntry entry) {
        RawText value = entry.value();
        if (value.startsWith("/")) {
            ControlGroupPath.of(entry, values).ifPresent(path -> packets = path);
        } else if (value.equals(Settings.NO_PACKETS) || value.equals(Settings.ALL_PACKETS)) {
            packets = value;
        } else {
            problems.error(entry, "unknown value", "use none, all, or the path of a control group");
        }
    }

    private void group(IniEntry entry) {
        values.text(entry).ifPresent(name -> {
            if (!name.isEmpty() && !machine.hasGroup(name)) {
                problems.error(entry, "no such group", "make it with groupadd --system " + entry.value()
                        + ", or remove the line: then root alone may change what is captured");
            }
            group = name;
        });
    }

    Settings finish() {
        boolean refuses = onLoss.equals("block");
        if (refuses && (frontEnd.equals("trace") || frontEnd.equals("fexit"))) {
            schema.lastGiven(SECTION, "on_loss").ifPresent(entry -> problems.error(entry,
                    "operations can be refused by the front-end lsm only: front_end=" + frontEnd,
                    "use front_end=lsm, or on_loss=shed or record"));
        }
        return new Settings(frontEnd, onLoss, ringMib, store, environment, packets, group);
    }
}
