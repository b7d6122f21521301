// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import headwater.config.CamflowdConfig.Format;
import headwater.config.CamflowdConfig.Output;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CamflowdConfigTest {
    private static Parsed<CamflowdConfig> parse(String text) {
        return CamflowdConfig.parse("d.ini", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String texts(Parsed<?> parsed) {
        return parsed.problems().stream().map(Problem::text).collect(Collectors.joining("\n"));
    }

    @Test
    void shouldReadTheShippedFileWithoutAWord() throws IOException {
        Parsed<CamflowdConfig> parsed;
        try (InputStream in = CamflowdConfigTest.class.getResourceAsStream("camflowd.ini")) {
            parsed = CamflowdConfig.parse("camflowd.ini", in.readAllBytes());
        }
        assertEquals("", texts(parsed));
        assertEquals(new CamflowdConfig(List.of(Output.LOG), Format.SPADE_JSON, new CamflowdConfig.Log(RawText.of("/tmp/audit.log"), 0, 5),
                new CamflowdConfig.Mqtt("m12.cloudmqtt.com", 17065, "camflow", "test", 2, "camflow/provenance/"),
                RawText.of("/tmp/camflowd.sock"), RawText.of("/tmp/camflowd-pipe"), CamflowdConfig.Recorders.NONE), parsed.config().orElseThrow());
    }

    @Test
    void shouldTakeSeveralOutputsAndRotation() {
        CamflowdConfig config = parse("[general]\noutput=log\noutput=mqtt\noutput=unix\nformat=w3c\n[log]\npath=/l\nrotate_size=64M\n"
                + "rotate_count=3\n[mqtt]\naddress=tcp://[::1]:1884\n[unix]\naddress=/s\n").config().orElseThrow();
        assertEquals(List.of(Output.LOG, Output.MQTT, Output.UNIX), config.outputs());
        assertEquals(Format.W3C, config.format());
        assertEquals(new CamflowdConfig.Log(RawText.of("/l"), 64L << 20, 3), config.log());
        assertEquals("::1", config.mqtt().host());
        assertEquals(1884, config.mqtt().port());
        assertEquals(config, CamflowdConfig.parse("again", config.toIni("x")).config().orElseThrow());
    }

    @Test
    void shouldTakeRetentionAndWriteItAgain() {
        assertEquals(CamflowdConfig.Retention.ALL, parse("[general]\noutput=null\nformat=w3c\n").config().orElseThrow().retention());
        for (String[] one : new String[][] {{"30d", "20G"}, {"12h", "0"}, {"2w", "4096"}, {"90m", "1T"}, {"45s", "500M"}}) {
            CamflowdConfig config = parse("[general]\noutput=null\nformat=w3c\n[retention]\nage=" + one[0] + "\nsize=" + one[1] + "\n")
                    .config().orElseThrow();
            assertEquals(config, CamflowdConfig.parse("again", config.toIni("x")).config().orElseThrow());
        }
        CamflowdConfig.Retention retention = parse("[general]\noutput=null\nformat=w3c\n[retention]\nage=30d\nsize=20G\n").config()
                .orElseThrow().retention();
        assertEquals(new CamflowdConfig.Retention(30 * 86_400, 20L << 30), retention);
        assertTrue(retention.importantNodes().isEmpty());
    }

    @Test
    void shouldTakeWhatIsImportantAndWriteItAgain() throws IOException {
        Parsed<CamflowdConfig> parsed = parse("[general]\noutput=null\nformat=w3c\n[retention]\nage=30d\nimportant=taint == 5\n"
                + "important=path.glob(\"/srv/**\") && user == \"root\" ; payroll\nimportant_age=1y\n");
        CamflowdConfig config = parsed.config().orElseThrow();
        assertEquals("", texts(parsed));
        assertEquals(new CamflowdConfig.Retention(30 * 86_400, 0, List.of("taint == 5", "path.glob(\"/srv/**\") && user == \"root\""),
                365 * 86_400), config.retention());
        assertEquals("age=30d, important=taint == 5, important=path.glob(\"/srv/**\") && user == \"root\", important_age=365d",
                config.retention().text());
        assertEquals("size=20G", new CamflowdConfig.Retention(0, 20L << 30).text());
        assertEquals("age=90s, size=1025K", new CamflowdConfig.Retention(90, 1025L << 10).text());
        assertEquals("", CamflowdConfig.Retention.ALL.text());
        assertEquals("(taint == 5) || (path.glob(\"/srv/**\") && user == \"root\")", config.retention().importantNodes().orElseThrow().text());
        assertEquals(config, CamflowdConfig.parse("again", config.toIni("x")).config().orElseThrow());
        assertTrue(texts(parse("[retention]\nimportant=disclosed")).contains("d.ini: warning: nothing is kept for longer by it without age"));
        assertTrue(texts(parse("[retention]\nage=1d\nimportant_age=2d")).contains("warning: nothing is important"));
        assertTrue(texts(parse("[retention]\nage=2d\nimportant=disclosed\nimportant_age=2d")).contains("it is not more than age"));
    }

    @Test
    void shouldTakeTheSizeOfASegmentAndWriteItAgain() {
        assertEquals(256L << 20, parse("[retention]\nage=1d\n").config().orElseThrow().retention().segmentBytes());
        for (String[] one : new String[][] {{"64M", "67108864"}, {"256K", "262144"}, {"1048577", "1048577"}, {"4G", "4294967296"}}) {
            Parsed<CamflowdConfig> parsed = parse("[general]\noutput=null\nformat=w3c\n[retention]\nsegment=" + one[0] + "\n");
            assertEquals("", texts(parsed));
            CamflowdConfig config = parsed.config().orElseThrow();
            assertEquals(Long.parseLong(one[1]), config.retention().segmentBytes());
            assertTrue(config.retention().keepsAll());
            assertEquals("segment=" + (one[0].equals("1048577") ? "1048577" : one[0]), config.retention().text());
            assertEquals(config, CamflowdConfig.parse("again", config.toIni("x")).config().orElseThrow());
        }
        Parsed<CamflowdConfig> small = parse("[general]\noutput=null\nformat=w3c\n[retention]\nsize=500M\nsegment=125M\n");
        assertEquals("", texts(small));
        assertEquals("size=500M, segment=125M", small.config().orElseThrow().retention().text());
    }

    @Test
    void shouldTakeSeveralRecordersAndWriteThemAgain() {
        CamflowdConfig config = parse("[general]\noutput=null\nformat=w3c\nrecorder=postgresql\nrecorder=kafka\n"
                + "[postgresql]\ndatabase=prov\npassword_file=/etc/headwater/secret\n[kafka]\naddress=a:9092,b:9092\npartitions=4\n"
                + "[gzip]\npath=/srv/prov\n").config().orElseThrow();
        assertEquals(List.of("postgresql", "kafka"), config.recorders().kinds());
        assertEquals(java.util.Map.of("address", "a:9092,b:9092", "partitions", "4"), config.recorders().of("kafka"));
        assertEquals(java.util.Map.of("path", "/srv/prov"), config.recorders().of("gzip"));
        assertEquals(config, CamflowdConfig.parse("again", config.toIni("x")).config().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', value = {
        "[general];recorder=postgres ~ error: unknown value: section=general, key=recorder, value=postgres! did you mean postgresql?",
        "[general];recorder=kafka ~ error: recorder=kafka needs this key: section=kafka, key=address! add to [kafka]: address=",
        "[parquet];rows=many ~ error: not a whole number",
        "[gzip];path=here ~ error: not an absolute path",
        "[postgresql];password=x ~ warning: unknown key: section=postgresql, key=password",
        "[general];output=unix_socket;[unix];address=/s ~ warning: CamFlow itself takes only the name unix",
        "[general];output=loog ~ did you mean log? use one of null, mqtt, unix, fifo, log",
        "[general];output=null;output=null ~ warning: the value is listed twice",
        "[general];output=log ~ d.ini: error: output=log needs this key: section=log, key=path! add to [log]: path=",
        "[general];output=mqtt ~ error: output=mqtt needs this key",
        "[general];output=unix ~ error: output=unix needs this key",
        "[general];output=fifo ~ error: output=fifo needs this key",
        "[general];format=spade ~ did you mean spade_json?",
        "[general] ~ d.ini: warning: no output is given: section=general, key=output! nothing is written",
        "[log];path=x ~ error: not an absolute path",
        "[retention];age=soon ~ error: not a time",
        "[retention];age=30 ~ error: not a time",
        "[retention];age=999999999999d ~ error: out of range",
        "[retention];age=1d;important=pth ~ d.ini:3: error: not a filter over nodes: ",
        "[retention];important=taint == ~ (column 9 of the value): section=retention, key=important, value=taint ==",
        "[retention];important=uid ~ error: not a filter over nodes: ",
        "[retention];important=(uid == 0 ~ error: not a filter over nodes: ",
        "[retention];important_age=long ~ error: not a time",
        "[retention];size=big ~ error: not a size",
        "[retention];size=999999999999999T ~ error: out of range",
        "[retention];segment=big ~ d.ini:2: error: not a size: section=retention, key=segment, value=big! write bytes,",
        "[retention];segment=0 ~ error: out of range: section=retention, key=segment, value=0! write a size from 256K to 4G",
        "[retention];segment=255K ~ error: out of range",
        "[retention];segment=4097M ~ error: out of range",
        "[retention];segment=999999999999999T ~ error: out of range",
        "[retention];size=500M ~ warning: the log does not become so small, as it has whole segments, one or two at least: size=500M, segment=256M",
        "[retention];size=500M ~ add to [retention]: segment=125M",
        "[retention];size=1M;segment=1M ~ add to [retention]: segment=256K",
        "[retention];size=300K;segment=256K ~ size=300K, segment=256K: section=retention, key=size! write a larger one",
        "[log];rotate_size=5X ~ error: not a size",
        "[log];rotate_size=1K ~ error: out of range",
        "[log];rotate_size=999999999999999T ~ error: out of range",
        "[log];rotate_count=0 ~ error: out of range",
        "[mqtt];qos=3 ~ error: out of range",
        "[mqtt];address=ssl://h:1 ~ only plain MQTT is spoken",
        "[mqtt];address=h:0 ~ error: wrong port",
        "[mqtt];address=a b ~ error: not a broker's address",
        "[mqtt];topic=a/# ~ error: a topic to publish to has no wildcards",
        "[provenance] ~ warning: unknown section: section=provenance"})
    void shouldTellOfEachProblem(String file, String expected) {
        Parsed<CamflowdConfig> parsed = parse(file.replace(';', '\n'));
        String text = texts(parsed);
        assertTrue(text.contains(expected.replace("! ", "; ")), text);
        assertEquals(text.contains(" error: "), parsed.config().isEmpty());
    }

    @Test
    void shouldBoundTheSocketsPath() {
        assertTrue(parse("[unix]\naddress=/" + "x".repeat(106)).config().isPresent());
        assertTrue(texts(parse("[unix]\naddress=/" + "x".repeat(107))).contains("too long for a socket: bytes=108, max=107"));
    }

    @Test
    void shouldNotShowThePassword() {
        CamflowdConfig config = parse("[mqtt]\naddress=h\npassword=s3cret\n").config().orElseThrow();
        assertFalse(new String(config.withoutPassword().toIni(""), StandardCharsets.UTF_8).contains("s3cret"));
        assertFalse(config.toString().contains("s3cret"), config::toString);
        assertEquals("s3cret", config.mqtt().password());
    }

    @ParameterizedTest
    @CsvSource({"x.ini, '[general]', camflowd.ini", "x.ini, '[provenance]', camflow.ini", "camflow.ini, '[mqtt]', camflowd.ini",
        "camflowd.ini, '', camflowd.ini", "my-camflow.ini.bak, '[none]', camflow.ini", "x.ini, '[ipv4-egress]', camflow.ini",
        "x.ini, '[none]', none"})
    void shouldKnowAFileByItsSections(String name, String text, String kind) {
        assertEquals(kind, ConfigKind.of(name, text.getBytes(StandardCharsets.UTF_8)).map(ConfigKind::text).orElse("none"));
    }
}
