// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.config.CamflowdConfig.Format;
import headwater.config.CamflowdConfig.Log;
import headwater.config.CamflowdConfig.Mqtt;
import headwater.config.CamflowdConfig.Output;
import headwater.config.CamflowdConfig.Retention;
import headwater.expression.ExpressionException;
import headwater.query.NodeFilter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Gives the keys of {@code camflowd.ini} their meaning. An instance reads one file. */
final class CamflowdReader {
    private static final Pattern ADDRESS = Pattern.compile("(?:(?:tcp|mqtt)://)?(\\[[0-9a-fA-F:.]+]|[^\\s:/\\[\\]]+)(?::([0-9]{1,5}))?");
    private static final Pattern AGE = Pattern.compile("([0-9]{1,12})([ywdhms])");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([KMGT]?)");
    /** sun_path has 108 bytes, of which one ends it. */
    private static final int SOCKET_PATH_BYTES = 107;

    private final Problems problems;
    private final Values values;
    private final Schema schema;
    private final List<Output> outputs = new ArrayList<>();
    private final List<String> recorders = new ArrayList<>();
    private final Map<String, Map<String, String>> recorderSettings = new TreeMap<>();
    private Format format = Format.SPADE_JSON;
    private RawText logPath = RawText.of("");
    private long rotateBytes;
    private int rotateCount = Log.ROTATE_COUNT;
    private long ageSeconds;
    private long sizeBytes;
    private final List<String> important = new ArrayList<>();
    private long importantAgeSeconds;
    private long segmentBytes = Retention.SEGMENT_BYTES;
    private String host = "";
    private int port = Mqtt.PORT;
    private String username = "";
    private String password = "";
    private int qos;
    private String topic = "";
    private RawText unixAddress = RawText.of("");
    private RawText fifoPath = RawText.of("");

    CamflowdReader(Problems problems) {
        this.problems = problems;
        values = new Values(problems);
        schema = new Schema(problems);
        schema.list("general", "output", Origin.CAMFLOW, this::output);
        schema.single("general", "format", Origin.CAMFLOW, this::format);
        schema.list("general", "recorder", Origin.HEADWATER, entry -> values.word(entry, RecorderKeys.kinds())
                .ifPresent(kind -> values.add(entry, recorders, kind)));
        schema.single("log", "path", Origin.CAMFLOW, entry -> values.absolute(entry).ifPresent(path -> logPath = path));
        schema.single("log", "rotate_size", Origin.HEADWATER, this::rotateSize);
        schema.single("log", "rotate_count", Origin.HEADWATER, entry ->
                rotateCount = (int) values.number(entry, 1, Log.ROTATE_COUNT_MAX).orElse(Log.ROTATE_COUNT));
        schema.single("mqtt", "address", Origin.CAMFLOW, this::address);
        schema.single("mqtt", "username", Origin.CAMFLOW, entry -> values.text(entry).ifPresent(text -> username = text));
        schema.single("mqtt", "password", Origin.CAMFLOW, entry -> values.text(entry).ifPresent(text -> password = text));
        schema.single("mqtt", "qos", Origin.CAMFLOW, entry -> qos = (int) values.number(entry, 0, 2).orElse(0));
        schema.single("mqtt", "topic", Origin.CAMFLOW, this::topic);
        schema.single("unix", "address", Origin.CAMFLOW, this::unixAddress);
        schema.single("fifo", "path", Origin.CAMFLOW, entry -> values.absolute(entry).ifPresent(path -> fifoPath = path));
        schema.single("retention", "age", Origin.HEADWATER, entry -> age(entry).ifPresent(seconds -> ageSeconds = seconds));
        schema.single("retention", "size", Origin.HEADWATER, this::size);
        schema.list("retention", "important", Origin.HEADWATER, this::important);
        schema.single("retention", "important_age", Origin.HEADWATER, entry -> age(entry).ifPresent(seconds ->
                importantAgeSeconds = seconds));
        schema.single("retention", "segment", Origin.HEADWATER, this::segment);
        schema.historic("general", "log", "camflowd 0.1.8", "log", "path");
        for (String kind : RecorderKeys.kinds()) {
            for (String key : RecorderKeys.of(kind)) {
                schema.single(kind, key, Origin.HEADWATER, entry -> recorderSetting(kind, key, entry));
            }
        }
    }

    /** The keys that there are; for those who list them. */
    Schema schema() {
        return schema;
    }

    /** Meaningless if the problems have an error. */
    CamflowdConfig read(IniFile file) {
        schema.read(file);
        if (!schema.isGiven("general", "output")) {
            problems.add(Severity.WARNING, 0, "general", "output", "", "no output is given", "nothing is written, as with output=null");
        }
        if (!schema.isGiven("general", "format")) {
            problems.add(Severity.WARNING, 0, "general", "format", "", "no format is given", "it is spade_json, which CamFlow ships");
        }
        require(Output.LOG, "log", "path", logPath.isEmpty(), "path=/var/log/headwater/graph.log");
        require(Output.MQTT, "mqtt", "address", host.isEmpty(), "address=HOST:PORT");
        require(Output.UNIX, "unix", "address", unixAddress.isEmpty(), "address=/run/headwater/graph.sock");
        require(Output.FIFO, "fifo", "path", fifoPath.isEmpty(), "path=/run/headwater/graph.fifo");
        for (String kind : recorders) {
            for (String key : RecorderKeys.needed(kind)) {
                if (!schema.isGiven(kind, key)) {
                    problems.add(Severity.ERROR, 0, kind, key, "", "recorder=" + kind + " needs this key",
                            "add to [" + kind + "]: " + key + "=…");
                }
            }
        }
        retention();
        if (outputs.isEmpty()) {
            outputs.add(Output.NULL);
        }
        return new CamflowdConfig(outputs, format, new Log(logPath, rotateBytes, rotateCount),
                new Mqtt(host, port, username, password, qos, topic), unixAddress, fifoPath,
                new CamflowdConfig.Recorders(recorders, recorderSettings),
                new Retention(ageSeconds, sizeBytes, important, importantAgeSeconds, segmentBytes));
    }

    private void recorderSetting(String kind, String key, IniEntry entry) {
        Optional<String> value = switch (RecorderKeys.type(kind, key)) {
            case TEXT -> values.text(entry);
            case NUMBER -> values.number(entry, 0, Long.MAX_VALUE).stream().mapToObj(Long::toString).findFirst();
            case PATH -> values.absolute(entry).flatMap(path -> values.text(entry));
        };
        value.filter(text -> !text.isEmpty())
                .ifPresent(text -> recorderSettings.computeIfAbsent(kind, name -> new TreeMap<>()).put(key, text));
    }

    private void require(Output output, String section, String key, boolean lacking, String example) {
        if (outputs.contains(output) && lacking && !schema.isGiven(section, key)) {
            problems.add(Severity.ERROR, 0, section, key, "", "output=" + output.text() + " needs this key",
                    "add to [" + section + "]: " + example);
        }
    }

    private void output(IniEntry entry) {
        if (entry.value().latin1().equals("unix_socket")) {
            problems.warning(entry, "CamFlow itself takes only the name unix, whatever its own comment says", "it is taken as unix");
            values.add(entry, outputs, Output.UNIX);
            return;
        }
        values.word(entry, Arrays.stream(Output.values()).map(Output::text).toList())
                .ifPresent(word -> values.add(entry, outputs, outputNamed(word)));
    }

    private static Output outputNamed(String word) {
        return Arrays.stream(Output.values()).filter(output -> output.text().equals(word)).findFirst().orElseThrow();
    }

    private void format(IniEntry entry) {
        values.word(entry, Arrays.stream(Format.values()).map(Format::text).toList())
                .ifPresent(word -> format = word.equals(Format.W3C.text()) ? Format.W3C : Format.SPADE_JSON);
    }

    private void rotateSize(IniEntry entry) {
        Matcher matcher = SIZE.matcher(entry.value().latin1());
        if (!matcher.matches()) {
            problems.error(entry, "not a size", "write bytes, or a number with K, M, G or T, such as 64M; 0 for never");
            return;
        }
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * ("KMGT".indexOf(matcher.group(2)) + 1);
        long number = Long.parseLong(matcher.group(1));
        if (number != 0 && (number > Log.ROTATE_BYTES_MAX >> shift || number << shift < Log.ROTATE_BYTES_MIN)) {
            problems.error(entry, "out of range", "write a size from 64K to 1024T, or 0 for never");
            return;
        }
        rotateBytes = number << shift;
    }

    private OptionalLong age(IniEntry entry) {
        Matcher matcher = AGE.matcher(entry.value().latin1());
        if (!matcher.matches()) {
            problems.error(entry, "not a time", "write a number with y, w, d, h, m or s, such as 30d; 0s to keep all");
            return OptionalLong.empty();
        }
        long unit = switch (matcher.group(2)) {
            case "y" -> 365 * 86_400;
            case "w" -> 7 * 86_400;
            case "d" -> 86_400;
            case "h" -> 3_600;
            case "m" -> 60;
            default -> 1;
        };
        if (Long.parseLong(matcher.group(1)) > Retention.AGE_SECONDS_MAX / unit) {
            problems.error(entry, "out of range", "write at most 36600d");
            return OptionalLong.empty();
        }
        return OptionalLong.of(Long.parseLong(matcher.group(1)) * unit);
    }

    private void important(IniEntry entry) {
        values.text(entry).ifPresent(text -> {
            try {
                NodeFilter.of(text, Clock.systemUTC());
                values.add(entry, important, text);
            } catch (ExpressionException e) {
                String[] parts = e.reason().split("; ", 2);
                problems.error(entry, "not a filter over nodes: " + parts[0] + " (column " + (e.at() + 1) + " of the value)",
                        parts.length > 1 ? parts[1] : "see the filters in docs/query.md");
            }
        });
    }

    /** What is given, but does nothing. */
    private void retention() {
        if (!important.isEmpty() && ageSeconds == 0) {
            problems.add(Severity.WARNING, 0, "retention", "important", "", "nothing is kept for longer by it without age: size does not"
                    + " ask what is important", "add to [retention]: age=30d");
        }
        if (important.isEmpty() && importantAgeSeconds > 0) {
            problems.add(Severity.WARNING, 0, "retention", "important_age", "", "nothing is important", "add to [retention]: important=…");
        }
        if (!important.isEmpty() && importantAgeSeconds > 0 && importantAgeSeconds <= ageSeconds) {
            problems.add(Severity.WARNING, 0, "retention", "important_age", "", "nothing is kept for longer by it, as it is not more than age",
                    "write a longer one, or 0s for ever");
        }
        if (sizeBytes > 0 && sizeBytes < 2 * segmentBytes) {
            long fits = Math.max(Retention.SEGMENT_BYTES_MIN, sizeBytes / 4 >> 20 << 20);
            problems.add(Severity.WARNING, 0, "retention", "size", "", "the log does not become so small, as it has whole segments, one or two"
                    + " at least: size=" + CamflowdSettings.size(sizeBytes) + ", segment=" + CamflowdSettings.size(segmentBytes),
                    fits < segmentBytes ? "add to [retention]: segment=" + CamflowdSettings.size(fits) : "write a larger one");
        }
    }

    private void size(IniEntry entry) {
        Matcher matcher = SIZE.matcher(entry.value().latin1());
        if (!matcher.matches()) {
            problems.error(entry, "not a size", "write bytes, or a number with K, M, G or T, such as 20G; 0 for any size");
            return;
        }
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * ("KMGT".indexOf(matcher.group(2)) + 1);
        long number = Long.parseLong(matcher.group(1));
        if (number > Retention.SIZE_BYTES_MAX >> shift) {
            problems.error(entry, "out of range", "write at most 1048576T");
            return;
        }
        sizeBytes = number << shift;
    }

    private void segment(IniEntry entry) {
        Matcher matcher = SIZE.matcher(entry.value().latin1());
        if (!matcher.matches()) {
            problems.error(entry, "not a size", "write bytes, or a number with K, M or G, such as 64M");
            return;
        }
        int shift = matcher.group(2).isEmpty() ? 0 : 10 * ("KMGT".indexOf(matcher.group(2)) + 1);
        long number = Long.parseLong(matcher.group(1));
        if (number > Retention.SEGMENT_BYTES_MAX >> shift || number << shift < Retention.SEGMENT_BYTES_MIN) {
            problems.error(entry, "out of range", "write a size from 256K to 4G");
            return;
        }
        segmentBytes = number << shift;
    }

    private void address(IniEntry entry) {
        values.text(entry).ifPresent(text -> {
            Matcher matcher = ADDRESS.matcher(text);
            if (!matcher.matches()) {
                problems.error(entry, "not a broker's address", text.matches("(ssl|tls|mqtts|wss?)://.*")
                        ? "only plain MQTT is spoken: write host:port, and let a local broker or stunnel add TLS" : "write host:port");
                return;
            }
            if (matcher.group(2) != null) {
                int given = Integer.parseInt(matcher.group(2));
                if (given < 1 || given > 0xffff) {
                    problems.error(entry, "wrong port: port=" + given, "write one from 1 to 65535");
                    return;
                }
                port = given;
            }
            host = matcher.group(1).replaceAll("[\\[\\]]", "");
        });
    }

    private void topic(IniEntry entry) {
        Optional<String> text = values.text(entry);
        if (text.isPresent() && (text.get().contains("#") || text.get().contains("+"))) {
            problems.error(entry, "a topic to publish to has no wildcards", "remove # and +");
            return;
        }
        text.ifPresent(value -> topic = value);
    }

    private void unixAddress(IniEntry entry) {
        values.absolute(entry).ifPresent(path -> {
            if (path.latin1().length() > SOCKET_PATH_BYTES) {
                problems.error(entry, "the path is too long for a socket: bytes=" + path.latin1().length() + ", max="
                        + SOCKET_PATH_BYTES, "use a shorter one");
            }
            unixAddress = path;
        });
    }
}
