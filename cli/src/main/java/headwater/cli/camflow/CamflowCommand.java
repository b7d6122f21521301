// SPDX-License-Identifier: Apache-2.0
package headwater.cli.camflow;

import headwater.cli.Context;
import headwater.cli.ControlAnswer;
import headwater.cli.camflow.DaemonClient.AbsentException;
import headwater.cli.camflow.DaemonClient.Edit;
import headwater.cli.camflow.DaemonClient.RefusedException;
import headwater.config.CamflowConfig;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.query.Escapes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The command {@code camflow} as CamFlow has it: one option for each call, the first argument; what scripts read is printed as CamFlow
 * prints it (docs/camflow-command.md). It does not leave the record: who changes what is recorded, is recorded.
 */
public final class CamflowCommand {
    /** CamFlow's -1. */
    private static final int WRONG = 255;
    /** CamFlow ends with 0 where it could not do it; that helps nobody. */
    private static final int NOT_DONE = 1;
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    /** Does what one option asks for, and ends with its exit code. */
    @FunctionalInterface
    interface Action {
        int run(String[] arguments) throws IOException, AbsentException, RefusedException;
    }

    /**
     * @param arguments as the usage has them
     * @param count how many
     */
    private record Option(String arguments, int count, String summary, Action action) {
    }

    private final Context context;
    private final DaemonClient daemon;
    private final Map<String, Option> options = new LinkedHashMap<>();

    private CamflowCommand(Context context) {
        this.context = context;
        daemon = new DaemonClient(context.environment());
        general();
        objects();
        targets();
        filters();
    }

    /**
     * Runs one call.
     *
     * @param arguments without the command's own name
     * @return the exit code
     */
    public static int run(String[] arguments, Context context) throws IOException {
        return new CamflowCommand(context).run(arguments);
    }

    private int run(String[] arguments) throws IOException {
        Option option = arguments.length == 0 ? null : options.get(arguments[0]);
        if (option == null || arguments.length - 1 < option.count) {
            print(usage());
            return arguments.length > 0 && option == null ? 0 : WRONG;
        }
        // CamFlow passes over what is too much, without a word.
        int end = 1 + option.count;
        if (arguments.length > end) {
            context.err().println("camflow: not looked at, one option for each call: "
                    + Escapes.toLine(String.join(" ", Arrays.copyOfRange(arguments, end, arguments.length))));
        }
        try {
            return option.action.run(Arrays.copyOfRange(arguments, 1, end));
        } catch (AbsentException e) {
            print(RED + "No daemon is recording: nobody listens at " + daemon.socket() + "." + PLAIN + "\n"
                    + RED + "Start it with: headwater start" + PLAIN + "\n");
            return WRONG;
        } catch (RefusedException | IOException e) {
            context.err().println("camflow: " + e.getMessage());
            return NOT_DONE;
        }
    }

    private void general() {
        add("-h", "", 0, "usage", a -> said(usage()));
        add("-v", "", 0, "version", a -> version());
        add("-s", "", 0, "state of the capture", a -> {
            ControlAnswer policy = daemon.ask("policy");
            return said(CamflowState.of(policy, DaemonClient.config(policy)));
        });
        add("-c", "", 0, "the policy as a configuration file", a -> {
            CamflowConfig config = DaemonClient.config(daemon.ask("policy"));
            context.out().write(config.toIni("Auto-generated configuration"));
            return 0;
        });
        add("-p", "", 0, "the policy's hash", a -> said(daemon.ask("policy").text("hash") + "\n"));
        add("-e", "<bool>", 1, "capture", a -> set("provenance", "enabled", a[0]));
        add("-a", "<bool>", 1, "capture the whole system", a -> set("provenance", "all", a[0]));
        add("--enable-version", "<bool>", 1, "versions of nodes", a -> always("version", a[0]));
        add("--compress-node", "<bool>", 1, "a new version only where it is needed", a -> always("node", a[0]));
        add("--compress-edge", "<bool>", 1, "a repeated edge once", a -> always("edge", a[0]));
        add("--duplicate", "<bool>", 1, "write nodes again with each edge", a -> set("compression", "duplicate", a[0]));
        add("--change-epoch", "", 0, "write all nodes again from now on", a -> done(daemon.ask("epoch")));
        add("--drop", "", 0, "how much was lost", a ->
                said("Graph elements dropped: \t\t" + daemon.ask("status").text("lost") + "\n"));
    }

    private void objects() {
        add("--file", "<path>", 1, "the node of a file", a -> node("File", "path", absolute(a[0])));
        add("--track-file", "<path> <false/true/propagate>", 2, "track a file", a -> track("path", absolute(a[0]), a[1]));
        add("--taint-file", "<path> <0-63>", 2, "taint a file", a -> taint("path", absolute(a[0]), a[1]));
        add("--opaque-file", "<path> <bool>", 2, "make a file opaque", a -> opaque("path", absolute(a[0]), a[1]));
        add("--process", "<pid>", 1, "the node of a process", a -> node("Process", "pid", a[0]));
        add("--track-process", "<pid> <false/true/propagate>", 2, "track a process", a -> track("pid", a[0], a[1]));
        add("--taint-process", "<pid> <0-63>", 2, "taint a process", a -> taint("pid", a[0], a[1]));
        add("--opaque-process", "<pid> <bool>", 2, "make a process opaque", a -> opaque("pid", a[0], a[1]));
    }

    private void targets() {
        String network = "<ip/mask:port> <track/propagate/record/delete>";
        add("--track-ipv4-ingress", network, 2, "sockets that bind there", a -> address("ipv4-ingress", a));
        add("--track-ipv4-egress", network, 2, "sockets that connect there", a -> address("ipv4-egress", a));
        add("--track-secctx", "<context> <track/propagate/opaque/delete>", 2, "a security context",
                a -> target("secctx", a[0], a[1], "track", "propagate", "opaque", "delete"));
        add("--track-cgroup", "<cgroup namespace> <track/propagate/delete>", 2, "a cgroup namespace",
                a -> target("namespace", "cgroup:" + a[0], a[1], "track", "propagate", "delete"));
        add("--track-user", "<name> <track/propagate/opaque/delete>", 2, "a user",
                a -> target("user", a[0], a[1], "track", "propagate", "opaque", "delete"));
        add("--track-group", "<name> <track/propagate/opaque/delete>", 2, "a group",
                a -> target("group", a[0], a[1], "track", "propagate", "opaque", "delete"));
    }

    private void filters() {
        add("--node-filter", "<type> <bool>", 2, "do not record a type of node", a -> filter("node_filter", true, a));
        add("--edge-filter", "<type> <bool>", 2, "do not record a type of edge", a -> filter("relation_filter", false, a));
        add("--node-propagate-filter", "<type> <bool>", 2, "do not propagate into a type of node",
                a -> filter("propagate_node_filter", true, a));
        add("--edge-propagate-filter", "<type> <bool>", 2, "do not propagate along a type of edge",
                a -> filter("propagate_relation_filter", false, a));
        add("--reset-filter", "", 0, "no filters any more", a -> {
            List<Edit> edits = new ArrayList<>();
            for (String key : List.of("node_filter", "relation_filter", "propagate_node_filter", "propagate_relation_filter")) {
                edits.add(new Edit("clear", "provenance", key, ""));
            }
            return done(daemon.edit(edits));
        });
    }

    private void add(String name, String arguments, int count, String summary, Action action) {
        options.put(name, new Option(arguments, count, summary, action));
    }

    private String usage() {
        StringBuilder usage = new StringBuilder("Usage: camflow OPTION [ARGUMENT...], one option for each call\n");
        options.forEach((name, option) -> usage.append(String.format("  %-24s %-44s %s%n", name, option.arguments, option.summary)));
        return usage.toString();
    }

    private int version() {
        String own = CamflowCommand.class.getPackage().getImplementationVersion();
        String line = "Headwater " + (own == null ? "(not packaged)" : own) + "\n";
        return said("CamFlow v0.9.0\n" + line + "\nlibprovenance v0.5.5\n" + line);
    }

    private boolean isBoolean(String text) {
        if (text.equals("true") || text.equals("false")) {
            return true;
        }
        said("Excepted a boolean, got " + text + ".\n");
        return false;
    }

    private int set(String section, String key, String value) throws IOException, AbsentException, RefusedException {
        return isBoolean(value) ? done(daemon.edit(List.of(new Edit("set", section, key, value)))) : WRONG;
    }

    /** What is always on, whatever is said: it is kept and shown as CamFlow does. */
    private int always(String key, String value) throws IOException, AbsentException, RefusedException {
        int code = set("compression", key, value);
        if (code == 0 && value.equals("false")) {
            context.err().println("camflow: kept, but without effect: versions and compression are always on");
        }
        return code;
    }

    private int track(String by, String target, String how) throws IOException, AbsentException, RefusedException {
        return switch (how) {
            case "true" -> mark(by, target, Map.of("track", "true"));
            case "propagate" -> mark(by, target, Map.of("track", "true", "propagate", "true"));
            case "false" -> mark(by, target, Map.of("track", "false", "propagate", "false"));
            default -> {
                print(usage());
                yield WRONG;
            }
        };
    }

    private int opaque(String by, String target, String how) throws IOException, AbsentException, RefusedException {
        return isBoolean(how) ? mark(by, target, Map.of("opaque", how)) : WRONG;
    }

    private int taint(String by, String target, String label) throws IOException, AbsentException, RefusedException {
        if (!label.matches("[0-9]|[1-5][0-9]|6[0-3]")) {
            throw new RefusedException("not a taint: taint=" + label + ", want 0 to 63");
        }
        return mark(by, target, Map.of("taint", Long.toHexString(1L << Integer.parseInt(label))));
    }

    private int mark(String by, String target, Map<String, String> marks) throws IOException, AbsentException, RefusedException {
        Map<String, String> members = new LinkedHashMap<>(marks);
        members.put(by, target);
        return done(daemon.ask("mark", members));
    }

    private int node(String what, String by, String target) throws IOException, AbsentException {
        ControlAnswer node;
        try {
            node = daemon.ask("node", Map.of(by, target));
        } catch (RefusedException e) {
            context.err().println("camflow: " + e.getMessage());
            return WRONG;
        }
        boolean process = by.equals("pid");
        long marks = Long.parseLong(node.text("marks"));
        return said("Identifier: " + node.text("identifier") + "\nType: " + node.text(process ? "type_word" : "type") + "\nID: "
                + node.text("id") + "\nBoot ID: " + node.text("boot_id") + "\nMachine ID: " + node.text("machine_id") + "\n"
                + (process ? "" : "Version: " + node.text("node_version") + "\n") + "Taint: " + node.text("taint") + "\n\n"
                + what + ((marks & 1) != 0 ? " is tracked.\n" : " is not tracked.\n")
                + what + ((marks & 2) != 0 ? " is opaque.\n" : " is not opaque.\n")
                + what + ((marks & 4) != 0 ? " propagates tracking.\n" : " is not propagating tracking.\n"));
    }

    /** Marks of an address add up, as CamFlow has it. */
    private int address(String section, String[] arguments) throws IOException, AbsentException, RefusedException {
        String how = arguments[1];
        if (!List.of("track", "propagate", "record", "delete").contains(how)) {
            print(usage());
            return WRONG;
        }
        int code = done(daemon.edit(List.of(how.equals("delete") ? new Edit("remove", section, "*", arguments[0])
                : new Edit("add", section, how, arguments[0]))));
        print(RED + "Only apply to newly created connection." + PLAIN + "\n");
        return code;
    }

    /** What a target was marked with before gives way. */
    private int target(String section, String value, String how, String... taken) throws IOException, AbsentException, RefusedException {
        if (!List.of(taken).contains(how)) {
            print(usage());
            return WRONG;
        }
        List<Edit> edits = new ArrayList<>(List.of(new Edit("remove", section, "*", value)));
        if (!how.equals("delete")) {
            edits.add(new Edit("add", section, how, value));
        }
        return done(daemon.edit(edits));
    }

    private int filter(String key, boolean ofNodes, String[] arguments) throws IOException, AbsentException, RefusedException {
        String type = arguments[0];
        // Those that cannot be filtered are types all the same: the daemon says so of them.
        if ((ofNodes ? NodeKind.ofText(type) : Relation.ofText(type)) == null) {
            print(ofNodes ? "Error invalid node type\n" : "Error invalid relation type\n");
            return WRONG;
        }
        if (!isBoolean(arguments[1])) {
            return WRONG;
        }
        return done(daemon.edit(List.of(new Edit(arguments[1].equals("true") ? "add" : "remove", "provenance", key, type))));
    }

    /** As text: the locale's encoding, in which the JDK takes paths, may lack its characters. */
    private static String absolute(String path) {
        return path.startsWith("/") ? path : Path.of("").toAbsolutePath() + "/" + path;
    }

    /** Done; what the daemon has to say of it goes to standard error. */
    private int done(ControlAnswer answer) {
        answer.list("notes").forEach(note -> context.err().println("camflow: " + note));
        return 0;
    }

    private int said(String text) {
        print(text);
        return 0;
    }

    private void print(String text) {
        try {
            context.out().write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
