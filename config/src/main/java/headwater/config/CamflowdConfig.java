// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import headwater.expression.ExpressionException;
import headwater.query.NodeFilter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code camflowd.ini} says: where the graph goes, and in which format. Immutable.
 *
 * @param outputs where it goes, each once; several at once are Headwater's
 * @param log used if {@code outputs} has {@link Output#LOG}, and so on
 * @param unixAddress the path of the socket that datagrams go to
 * @param fifoPath the path of the FIFO
 * @param recorders what keeps the whole graph elsewhere; Headwater's
 * @param retention what the store keeps; Headwater's
 */
public record CamflowdConfig(List<Output> outputs, Format format, Log log, Mqtt mqtt, RawText unixAddress, RawText fifoPath,
        Recorders recorders, Retention retention) {
    /** Where CamFlow has it. */
    public static final String PATH = "/etc/camflowd.ini";

    /** Where the graph goes. */
    public enum Output {
        /** Nowhere. */
        NULL,
        /** To a broker. */
        MQTT,
        /** To a UNIX datagram socket. */
        UNIX,
        /** Into a FIFO. */
        FIFO,
        /** Into a file. */
        LOG;

        /** The name in the file. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** CamFlow's two formats. */
    public enum Format {
        W3C, SPADE_JSON;

        /** The name in the file. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The file.
     *
     * @param path absolute; empty if it is not given
     * @param rotateBytes the size from which on a new file is begun; 0: never
     * @param rotateCount how many old files are kept, {@code PATH.1} the youngest; 1 to {@link #ROTATE_COUNT_MAX}
     */
    public record Log(RawText path, long rotateBytes, int rotateCount) {
        public static final int ROTATE_COUNT = 5;
        public static final int ROTATE_COUNT_MAX = 1_000;
        /** Less than this could not hold the largest document. */
        public static final long ROTATE_BYTES_MIN = 64 << 10;
        public static final long ROTATE_BYTES_MAX = 1L << 50;
    }

    /**
     * The broker.
     *
     * @param host a name or address, without brackets; empty if it is not given
     * @param port 1 to 65535
     * @param qos 0 to 2
     * @param topic what the machine's id is added to
     */
    public record Mqtt(String host, int port, String username, String password, int qos, String topic) {
        public static final int PORT = 1883;

        @Override
        public String toString() {
            return "Mqtt[" + host + ":" + port + ", username=" + username + ", qos=" + qos + ", topic=" + topic + "]";
        }
    }

    /**
     * The recorders.
     *
     * @param kinds those that are asked for, each once ({@link RecorderKeys#kinds})
     * @param settings what is given in the section of each kind, whether it is asked for or not; none is a secret
     */
    public record Recorders(List<String> kinds, Map<String, Map<String, String>> settings) {
        /** None. */
        public static final Recorders NONE = new Recorders(List.of(), Map.of());

        public Recorders {
            kinds = List.copyOf(kinds);
            settings = Map.copyOf(settings);
        }

        /** What is given for {@code kind}. */
        public Map<String, String> of(String kind) {
            return settings.getOrDefault(kind, Map.of());
        }
    }

    /**
     * What the store keeps.
     *
     * @param ageSeconds older segments are dropped; 0: none is for its age
     * @param sizeBytes the oldest segments are dropped while the log is larger; 0: none is for its size
     * @param important which nodes are important, each a filter over nodes ({@link headwater.query.NodeFilter}); any one will do
     * @param importantAgeSeconds only segments that are older are dropped for their age if they hold what is important; 0: none is
     * @param segmentBytes from this size on a segment of the log ends, {@link #SEGMENT_BYTES_MIN} to {@link #SEGMENT_BYTES_MAX}
     */
    public record Retention(long ageSeconds, long sizeBytes, List<String> important, long importantAgeSeconds, long segmentBytes) {
        /** What a segment has if nothing is said. */
        public static final long SEGMENT_BYTES = 256L << 20;
        /** With less, a log of some gigabytes would have more files than a folder should. */
        public static final long SEGMENT_BYTES_MIN = 256L << 10;
        /** Who opens a store for writing reads its newest segment. */
        public static final long SEGMENT_BYTES_MAX = 4L << 30;
        /** Everything is kept. */
        public static final Retention ALL = new Retention(0, 0);

        public Retention {
            important = List.copyOf(important);
        }

        /** Segments of the usual size. */
        public Retention(long ageSeconds, long sizeBytes, List<String> important, long importantAgeSeconds) {
            this(ageSeconds, sizeBytes, important, importantAgeSeconds, SEGMENT_BYTES);
        }

        /** Nothing is more important than the rest. */
        public Retention(long ageSeconds, long sizeBytes) {
            this(ageSeconds, sizeBytes, List.of(), 0);
        }

        /** True if nothing is ever dropped. */
        public boolean keepsAll() {
            return ageSeconds == 0 && sizeBytes == 0;
        }

        /** As the file has it, on one line, without what is as usual. */
        public String text() {
            List<String> given = new ArrayList<>();
            if (ageSeconds > 0) {
                given.add("age=" + CamflowdSettings.age(ageSeconds));
            }
            if (sizeBytes > 0) {
                given.add("size=" + CamflowdSettings.size(sizeBytes));
            }
            important.forEach(text -> given.add("important=" + RawText.of(text)));
            if (importantAgeSeconds > 0) {
                given.add("important_age=" + CamflowdSettings.age(importantAgeSeconds));
            }
            if (segmentBytes != SEGMENT_BYTES) {
                given.add("segment=" + CamflowdSettings.size(segmentBytes));
            }
            return String.join(", ", given);
        }

        /** The filter of what is important, empty if nothing is. */
        public Optional<NodeFilter> importantNodes() {
            try {
                return important.isEmpty() ? Optional.empty() : Optional.of(NodeFilter.of(String.join(" || ", important.stream()
                        .map(text -> '(' + text + ')').toList()), Clock.systemUTC()));
            } catch (ExpressionException e) {
                throw new IllegalStateException("each was a filter when it was read: important=" + important, e);
            }
        }

        static final long AGE_SECONDS_MAX = 100L * 366 * 86_400;
        static final long SIZE_BYTES_MAX = 1L << 60;
    }

    /** Where the store keeps everything. */
    public CamflowdConfig(List<Output> outputs, Format format, Log log, Mqtt mqtt, RawText unixAddress, RawText fifoPath,
            Recorders recorders) {
        this(outputs, format, log, mqtt, unixAddress, fifoPath, recorders, Retention.ALL);
    }

    public CamflowdConfig {
        outputs = List.copyOf(outputs);
    }

    /** What holds where there is no file: nothing goes anywhere. */
    public static CamflowdConfig withoutFile() {
        return new CamflowdConfig(List.of(Output.NULL), Format.SPADE_JSON, new Log(RawText.of(""), 0, Log.ROTATE_COUNT),
                new Mqtt("", Mqtt.PORT, "", "", 0, ""), RawText.of(""), RawText.of(""), Recorders.NONE);
    }

    /** The same, fit to be shown: with {@code (hidden)} for a password. */
    public CamflowdConfig withoutPassword() {
        return mqtt.password.isEmpty() ? this : new CamflowdConfig(outputs, format, log,
                new Mqtt(mqtt.host, mqtt.port, mqtt.username, "(hidden)", mqtt.qos, mqtt.topic), unixAddress, fifoPath, recorders, retention);
    }

    /** All sections and keys that are given. */
    public List<Setting.Section> sections() {
        return CamflowdSettings.of(this);
    }

    /**
     * As a file that {@link #parse} reads to the same. What the syntax cannot write becomes a comment.
     *
     * @param comment the first line's; no newline in it
     */
    public byte[] toIni(String comment) {
        return IniWriter.write(comment, sections()).bytes();
    }

    /**
     * Reads a file.
     *
     * @param file its name, for the problems
     * @param bytes its content
     */
    public static Parsed<CamflowdConfig> parse(String file, byte[] bytes) {
        Problems problems = new Problems(file);
        IniFile ini = new IniParser(problems).parse(bytes);
        CamflowdConfig config = new CamflowdReader(problems).read(ini);
        return Parsed.of(config, problems);
    }
}
