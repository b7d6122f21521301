// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import headwater.agent.Administration.RefusedException;
import headwater.agent.ControlRequest.WrongRequestException;
import headwater.capture.Marks;
import headwater.capture.kernel.PeerSocket;
import headwater.config.CamflowConfig;
import headwater.config.ConfigEdit;
import headwater.config.Mark;
import headwater.config.RawText;
import headwater.model.Session;
import headwater.outputs.OutputStatus;
import headwater.query.NodeId;
import headwater.recorders.RecorderStatus;
import headwater.store.Store;
import headwater.store.log.LatencyHistogram;
import headwater.store.log.TamperWindows;
import headwater.store.retention.RetentionPlan;
import headwater.store.retention.RetentionPolicy;
import headwater.store.seal.Sealer;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the daemon answers to each request (docs/control.md). Any thread may ask; one publishes. */
final class DaemonAnswers {
    private static final Recording.Figures NONE = new Recording.Figures(0, 0, 0, 0, 0, 0, 0, 0);

    /** What was last published of the recording. */
    private record Published(boolean running, int sessions, Recording.Figures figures, long backlogBytes, String disclosure,
            String trouble, Optional<Session> session) {
    }

    private final Path store;
    private final Sealer sealer;
    private final TamperWindows windows;
    private final Setup setup;
    private final Administration administration;
    private final Following following;
    private final Supplier<Retaining.Status> retention;
    private final Runnable stop;
    private volatile Published published = new Published(false, 0, NONE, 0, "", "not ready: the front-end is being attached",
            Optional.empty());

    DaemonAnswers(Store store, Setup setup, Administration administration, Following following, Supplier<Retaining.Status> retention,
            Runnable stop) {
        this.store = store.path();
        this.sealer = store.sealer();
        this.windows = store.writer().windows();
        this.setup = setup;
        this.administration = administration;
        this.following = following;
        this.retention = retention;
        this.stop = stop;
    }

    /** @param disclosure where programs tell of themselves, empty if nowhere */
    void publish(int sessions, Recording recording, String disclosure) {
        published = new Published(true, sessions, recording.figures(), recording.backlogBytes(), disclosure,
                recording.refusal().isEmpty() ? recording.troubled() : recording.refusal(), Optional.of(recording.session()));
    }

    /** SIGHUP: as a request to reload, whose answer goes to standard error. */
    void hangup() {
        try {
            administration.reload(Asker.self("SIGHUP")).forEach(note -> System.err.println("headwater: " + note));
            System.err.println("headwater: configuration read again");
        } catch (RefusedException e) {
            System.err.println("headwater: " + e.getMessage());
        }
    }

    String answer(byte[] line, int length, PeerSocket from) {
        try {
            return answer(ControlRequest.parse(line, length), from);
        } catch (WrongRequestException | RefusedException e) {
            return JsonAnswer.error(e.getMessage());
        } catch (RuntimeException e) {
            return JsonAnswer.error("a fault of Headwater itself: " + e);
        }
    }

    private String answer(ControlRequest request, PeerSocket from) throws WrongRequestException, RefusedException {
        switch (request.name()) {
            case "edit" -> request.allow(List.of("edits"));
            case "mark" -> request.allow(List.of("path", "pid", "track", "propagate", "opaque", "taint"));
            case "node" -> request.allow(List.of("path", "pid"));
            default -> request.allow(List.of());
        }
        return switch (request.name()) {
            case "status" -> status();
            case "stop" -> {
                stop.run();
                yield status();
            }
            case "version" -> new JsonAnswer().with("headwater", version()).end();
            case "policy" -> policy();
            case "edit" -> notes(administration.edit(edits(request), Asker.of(from)));
            case "reload" -> notes(administration.reload(Asker.of(from)));
            case "mark" -> mark(request, Asker.of(from));
            case "node" -> node(request);
            case "rotate-key" -> rotate();
            case "epoch" -> {
                administration.epoch(Asker.of(from));
                yield new JsonAnswer().end();
            }
            default -> throw new WrongRequestException("unknown request: request=" + request.name()
                    + ", want one of status stop version policy edit reload mark node epoch rotate-key");
        };
    }

    private String rotate() throws RefusedException {
        try {
            sealer.rotate();
        } catch (IOException e) {
            throw new RefusedException("the key cannot be replaced: error=" + e.getMessage());
        }
        return new JsonAnswer().with("key", sealer.status().key()).end();
    }

    private static String version() {
        String version = DaemonAnswers.class.getPackage().getImplementationVersion();
        return version == null ? "" : version;
    }

    private static String notes(List<String> notes) {
        return new JsonAnswer().with("notes", notes).end();
    }

    private String status() {
        Published now = published;
        Recording.Figures figures = now.figures;
        JsonAnswer answer = new JsonAnswer().with("running", now.running).with("pid", ProcessHandle.current().pid())
                .with("front_end", setup.plan().frontEnd().text()).with("store", store.toString()).with("session", now.sessions)
                .seconds("seconds", figures.seconds()).with("records", figures.records()).with("nodes", figures.nodes())
                .with("edges", figures.edges()).with("lost", figures.lost()).with("lines_left_out", figures.linesLeftOut())
                .with("on_loss", setup.plan().onLoss().text()).with("refused", figures.refused()).with("processes", figures.processes())
                .with("backlog_bytes", now.backlogBytes).with("disclosure", now.disclosure)
                .with("policy", administration.policyText()).with("trouble", now.trouble);
        seal(answer);
        retention(answer);
        List<OutputStatus> outputs = following.status();
        if (!outputs.isEmpty()) {
            answer.array("outputs");
            for (OutputStatus output : outputs) {
                answer.begin().with("name", output.name()).with("destination", output.destination())
                        .with("format", output.format().text()).with("state", output.state().name().toLowerCase(Locale.ROOT))
                        .with("behind", output.behind()).with("documents", output.documents())
                        .with("last_error", output.lastError()).finish();
            }
            answer.endArray();
        }
        List<RecorderStatus> recorders = following.recorders();
        if (!recorders.isEmpty()) {
            answer.array("recorders");
            for (RecorderStatus recorder : recorders) {
                answer.begin().with("name", recorder.name()).with("kind", recorder.kind())
                        .with("state", recorder.state().name().toLowerCase(Locale.ROOT)).with("behind", recorder.behind())
                        .with("behind_blocks", recorder.behindBlocks()).with("blocks", recorder.blocks())
                        .with("recorded", recorder.recorded()).with("per_second", recorder.perSecond())
                        .with("last_error", recorder.lastError()).finish();
            }
            answer.endArray();
        }
        return answer.end();
    }

    /** How long what happens can be changed unseen, and what is signed. */
    private void seal(JsonAnswer answer) {
        LatencyHistogram.Summary chained = windows.chained();
        LatencyHistogram.Summary durable = windows.durable();
        LatencyHistogram.Summary signed = windows.signed();
        Sealer.Status seal = sealer.status();
        answer.millis("chained_p50_ms", chained.p50Us()).millis("chained_p99_ms", chained.p99Us())
                .millis("chained_max_ms", chained.maxUs()).millis("durable_p99_ms", durable.p99Us())
                .millis("durable_max_ms", durable.maxUs()).millis("signed_p99_ms", signed.p99Us())
                .millis("signed_max_ms", signed.maxUs()).with("key", seal.key()).with("signed_statement", seal.sequence())
                .with("signed_blocks", seal.blocks()).with("signed_at_ms", seal.wallNs() / 1_000_000)
                .with("seal_trouble", seal.trouble());
    }

    /** What the store keeps, what was dropped, and what keeps the next segment. */
    private void retention(JsonAnswer answer) {
        Retaining.Status status = retention.get();
        RetentionPlan.Pin pin = status.pin();
        answer.with("retention", status.policy()).with("retention_trouble", status.trouble())
                .with("dropped_segments", status.last() == null ? 0 : status.last().range().lastSegment());
        if (status.last() != null) {
            answer.with("dropped_until_ms", status.last().range().end().timeNs() / 1_000_000)
                    .with("dropped_at_ms", status.last().wallNs() / 1_000_000).with("dropped_why", status.last().why().text());
        }
        if (pin != null) {
            answer.with("pinned_segment", pin.segment()).with("pinned_by", NodeId.of(pin.object()));
            if (pin.untilNs() != RetentionPolicy.UNBOUNDED) {
                answer.with("pinned_until_ms", pin.untilNs() / 1_000_000);
            }
        }
    }

    private String policy() {
        CamflowConfig config = administration.config();
        byte[] ini = config.inEffect().toIni(" what is in effect");
        Published now = published;
        JsonAnswer answer = new JsonAnswer().with("ini", Base64.getEncoder().encodeToString(ini)).with("hash", hash(config))
                .with("from_file", administration.isFromFile()).with("captured", now.figures.edges() > 0);
        now.session.ifPresent(session -> answer.with("machine_id", session.machineId() & 0xffffffffL)
                .with("boot_id", session.bootNumber()));
        return answer.end();
    }

    /** Of all that says what is captured, and nothing else: the same policy has the same hash everywhere. */
    private static String hash(CamflowConfig config) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(config.toIni("")));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static List<ConfigEdit> edits(ControlRequest request) throws WrongRequestException {
        List<ConfigEdit> edits = new ArrayList<>();
        for (Map<String, String> edit : request.edits()) {
            if (!Set.of("do", "section", "key", "value").containsAll(edit.keySet())) {
                throw new WrongRequestException("unknown member of an edit: members=" + edit.keySet() + ", want do section key value");
            }
            ConfigEdit.Operation operation = Arrays.stream(ConfigEdit.Operation.values())
                    .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(edit.get("do"))).findFirst()
                    .orElseThrow(() -> new WrongRequestException("unknown edit: do=" + edit.get("do") + ", want set add remove or clear"));
            boolean valued = operation != ConfigEdit.Operation.CLEAR;
            if (!edit.containsKey("section") || !edit.containsKey("key") || valued != edit.containsKey("value")) {
                throw new WrongRequestException("an edit needs section, key and, unless it clears, value: do=" + edit.get("do"));
            }
            String value = edit.getOrDefault("value", "");
            if (value.chars().anyMatch(c -> c < ' ')) {
                throw new WrongRequestException("a control character in the value of an edit: key=" + edit.get("key"));
            }
            edits.add(new ConfigEdit(operation, edit.get("section"), edit.get("key"), RawText.of(value)));
        }
        if (edits.isEmpty()) {
            throw new WrongRequestException("member is missing: request=edit, member=edits");
        }
        return edits;
    }

    private String mark(ControlRequest request, Asker asker) throws WrongRequestException, RefusedException {
        Set<Mark> add = EnumSet.noneOf(Mark.class);
        Set<Mark> clear = EnumSet.noneOf(Mark.class);
        for (Mark mark : List.of(Mark.TRACK, Mark.PROPAGATE, Mark.OPAQUE)) {
            Boolean wanted = request.bool(mark.text());
            if (wanted != null) {
                (wanted ? add : clear).add(mark);
            }
        }
        long taint = taint(request.members().getOrDefault("taint", "0"));
        if (add.isEmpty() && clear.isEmpty() && taint == 0) {
            throw new WrongRequestException("nothing to mark with: want one of track propagate opaque taint");
        }
        Selection.Change change = new Selection.Change(add, clear, taint);
        if (request.members().containsKey("pid")) {
            int pid = pid(request);
            administration.mark(change, "process " + pid, selection -> selection.mark(pid, change), asker);
        } else {
            Path path = absolute(request);
            administration.mark(change, path.toString(), selection -> selection.mark(path, change), asker);
        }
        return new JsonAnswer().end();
    }

    private static long taint(String hex) throws WrongRequestException {
        try {
            return Long.parseUnsignedLong(hex, 16);
        } catch (NumberFormatException e) {
            throw new WrongRequestException("not 64 bits in hexadecimal: taint=" + hex);
        }
    }

    private static int pid(ControlRequest request) throws WrongRequestException {
        try {
            int pid = Integer.parseInt(request.required("pid"));
            if (pid > 0) {
                return pid;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new WrongRequestException("not a process id: pid=" + request.required("pid"));
    }

    private static Path absolute(ControlRequest request) throws WrongRequestException {
        String path = request.required("path");
        if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
            throw new WrongRequestException("not an absolute path: path=" + path);
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw new WrongRequestException("not a path in the encoding of the daemon's locale: path=" + path
                    + "; start the daemon with LC_ALL=C.UTF-8");
        }
    }

    private String node(ControlRequest request) throws WrongRequestException, RefusedException {
        boolean process = request.members().containsKey("pid");
        int pid = process ? pid(request) : 0;
        Path file = process ? null : absolute(request);
        Marks marks = administration.settle(selection -> process ? selection.marks(pid) : selection.marks(file));
        Optional<NodeLookup.Node> found = process ? setup.nodes().process(store, pid) : setup.nodes().file(store, file.toString());
        if (found.isEmpty() && marks.isEmpty()) {
            throw new RefusedException("the record has nothing of it: " + (process ? "pid=" + pid : "path=" + file)
                    + "; it was not met since the capture began, or is not selected");
        }
        // What is marked but was not met yet has no node.
        NodeLookup.Node node = found.orElse(new NodeLookup.Node("", process ? "process_memory" : "inode_unknown", 0, 0, 0, 0, 0));
        return new JsonAnswer().with("identifier", node.identifier()).with("type", node.type())
                .with("type_word", Long.toUnsignedString(node.typeWord())).with("id", Long.toUnsignedString(node.id()))
                .with("boot_id", node.boot()).with("machine_id", node.machine() & 0xffffffffL).with("node_version", node.version())
                .with("marks", marks.bits()).with("taint", Long.toHexString(marks.taint())).end();
    }
}
