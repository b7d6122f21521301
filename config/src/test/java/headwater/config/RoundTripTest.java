// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.CamflowConfig.Compression;
import headwater.config.CamflowConfig.Provenance;
import headwater.config.CamflowConfig.Relay;
import headwater.config.CamflowConfig.Settings;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.RelationClass;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is written is read again to the same, whatever it is. */
class RoundTripTest {
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void shouldReadWhatItWrote() {
        System.out.println("RoundTripTest seed=" + seed);
        int withAll = 0;
        for (int round = 0; round < 300; round++) {
            CamflowConfig config = randomConfig();
            assertEquals(List.of(), config.notWritable());
            byte[] ini = config.toIni("round " + round);
            Parsed<CamflowConfig> parsed = CamflowConfig.parse("r.ini", ini, Machine.ANY);
            String text = new String(ini, StandardCharsets.UTF_8);
            assertEquals(0, parsed.count(Severity.ERROR), () -> "seed=" + seed + "\n" + text + parsed.problems());
            assertEquals(config, parsed.config().orElseThrow(), () -> "seed=" + seed + "\n" + text);
            withAll += config.sections().stream().noneMatch(Setting.Section::isEmpty) ? 1 : 0;
        }
        assertTrue(withAll > 5, "withAll=" + withAll + ", seed=" + seed);
    }

    @Test
    void shouldSayWhatTheSyntaxCannotWrite() {
        List<String> paths = List.of("/a ", "/a ;b", "/a\nb", "/a\t;b", "/fine;b", "/" + "x".repeat(9_000));
        CamflowConfig without = CamflowConfig.withoutFile();
        CamflowConfig config = new CamflowConfig(without.provenance(), without.compression(),
                new Marks<>(paths.stream().map(RawText::of).toList(), List.of(), List.of(), List.of()), Marks.none(), Marks.none(),
                Marks.none(), Marks.none(), Marks.none(), Marks.none(), Marks.none(), Marks.none(), Marks.none(), List.of(),
                without.relay(), without.settings(), without.annotation());
        assertEquals(5, config.notWritable().size());
        Parsed<CamflowConfig> parsed = CamflowConfig.parse("r.ini", config.toIni("x"), Machine.ANY);
        assertEquals(List.of(RawText.of("/fine;b")), parsed.config().orElseThrow().files().track());
        assertTrue(new String(config.toIni("x"), StandardCharsets.UTF_8).contains("not to be written in this syntax: track=/a\\x0ab"));
    }

    @Test
    void shouldWriteInTheOrderOfCamflowAndWhatCamflowReads() {
        String text = new String(CamflowConfig.withoutFile().toIni("Auto-generated configuration"), StandardCharsets.UTF_8);
        assertTrue(text.startsWith(";Auto-generated configuration\n\n[provenance]\nmachine_id=0\nenabled=true\nall=true\n"), text);
        List<String> headers = text.lines().filter(line -> line.startsWith("[")).toList();
        assertEquals(List.of("[provenance]", "[compression]", "[ipv4\u2212ingress]", "[ipv4\u2212egress]", "[user]", "[group]",
                "[secctx]", "[file]", "[relay]", "[headwater]"), headers);
        assertFalse(text.contains("true;"));
    }

    private CamflowConfig randomConfig() {
        Provenance provenance = new Provenance(random.nextInt() & 0xffff_ffffL, random.nextBoolean(), random.nextBoolean(),
                nodes(), relations(), nodes(), relations());
        Marks<AddressRange> none = Marks.none();
        boolean network = random.nextInt(4) > 0;
        return new CamflowConfig(provenance,
                new Compression(random.nextBoolean(), random.nextBoolean(), random.nextBoolean(), random.nextBoolean()),
                marks(this::path), network ? ranges(4) : none, network ? ranges(4) : none, network ? ranges(16) : none,
                network ? ranges(16) : none, marks(this::name), marks(this::name), marks(this::name), marks(this::path),
                marks(() -> new NamespaceId(pick(NamespaceId.Kind.values()), 1 + (random.nextInt() & 0xffff_fffeL))), taints(),
                random.nextBoolean() ? new Relay(0, 0) : new Relay(12 + random.nextInt(19), 1 + random.nextInt(1 << 16)),
                new Settings(pick("auto", "lsm"), pick("record", "shed", "block"), random.nextBoolean() ? 0 : 1 << random.nextInt(10),
                        random.nextBoolean() ? RawText.of("") : path(), pick("none", "names", "values"),
                        random.nextBoolean() ? pick(Settings.NO_PACKETS, Settings.ALL_PACKETS) : path(),
                        random.nextBoolean() ? "" : name()), annotation());
    }

    private LogAnnotation.Section annotation() {
        List<LogAnnotation> rules = new java.util.ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            boolean matches = random.nextBoolean();
            boolean grouped = matches && random.nextBoolean();
            rules.add(new LogAnnotation("rule-" + i, List.of(RawText.of("/var/log/" + i + (random.nextBoolean() ? "/" : ".log"))), random.nextBoolean() ? List.of("sshd") : List.of(),
                    random.nextBoolean() ? List.of("nginx.service") : List.of(), matches ? "^(?P<client>\\S+) \"(?P<what>.*)\"" : "",
                    pick("keep", "drop"), grouped ? "what" : "path", pick("", "lines", "syslog", "journal", "stdout")));
        }
        return new LogAnnotation.Section(rules, rules.isEmpty() ? LogAnnotation.Section.LINES_PER_SECOND : 1 + random.nextInt(1_000_000));
    }

    @SafeVarargs
    private <T> T pick(T... values) {
        return values[random.nextInt(values.length)];
    }

    private List<String> nodes() {
        NodeKind[] captured = Arrays.stream(NodeKind.values()).filter(kind -> !kind.isGeneric()).toArray(NodeKind[]::new);
        return list(() -> pick(captured).text());
    }

    private List<String> relations() {
        Relation[] filtered = Arrays.stream(Relation.values()).filter(relation ->
                relation.relationClass().compareTo(RelationClass.INFLUENCED) < 0 && !relation.isGeneric()).toArray(Relation[]::new);
        return list(() -> pick(filtered).text());
    }

    private <T> List<T> list(Supplier<T> one) {
        Set<T> values = new LinkedHashSet<>();
        for (int n = random.nextInt(10) == 0 ? random.nextInt(256) : random.nextInt(4); n > 0; n--) {
            values.add(one.get());
        }
        return List.copyOf(values);
    }

    private <T> Marks<T> marks(Supplier<T> one) {
        return new Marks<>(list(one), list(one), list(one), List.of());
    }

    private Marks<AddressRange> ranges(int bytes) {
        Supplier<AddressRange> one = () -> {
            byte[] address = new byte[bytes];
            for (int i = 0; i < bytes; i++) {
                address[i] = random.nextInt(3) == 0 ? (byte) random.nextInt() : 0;
            }
            // A 6to4 prefix, so that no address is an IPv4 one in IPv6 form.
            address[0] = bytes == 16 ? 0x20 : address[0];
            try {
                return new AddressRange(InetAddress.getByAddress(address), 8 + random.nextInt(bytes * 8 - 7), random.nextInt(1 << 16));
            } catch (UnknownHostException e) {
                throw new AssertionError(e);
            }
        };
        return new Marks<>(list(one), list(one), List.of(), list(one));
    }

    private List<Taint> taints() {
        List<Taint> taints = new ArrayList<>();
        list(this::path).forEach(path -> taints.add(new Taint(path, random.nextLong() | 1L << random.nextInt(64))));
        return taints;
    }

    /** Any bytes that the syntax can write, those with a meaning in it more often. */
    private RawText path() {
        while (true) {
            byte[] bytes = new byte[1 + random.nextInt(12)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = random.nextBoolean() ? (byte) random.nextInt() : (byte) ";#=:[] \t\"\\,/x".charAt(random.nextInt(13));
            }
            bytes[0] = '/';
            RawText path = RawText.of(bytes);
            if (IniWriter.isWritable("propagate", path) && bytes[bytes.length - 1] != '/') {
                return path;
            }
        }
    }

    private String name() {
        while (true) {
            String text = random.ints(1 + random.nextInt(8), 0x20, 0x250).filter(c -> !Character.isISOControl(c))
                    .mapToObj(Character::toString).reduce("", String::concat);
            if (IniWriter.isWritable("propagate", RawText.of(text))) {
                return text;
            }
        }
    }
}
