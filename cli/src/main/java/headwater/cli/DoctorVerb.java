// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.ConfigFiles;
import headwater.agent.Control;
import headwater.agent.PolicyText;
import headwater.agent.Privileges;
import headwater.capture.BlindSpot;
import headwater.capture.FrontEnd;
import headwater.capture.KernelFeatures;
import headwater.capture.kernel.KernelException;
import headwater.config.CamflowConfig;
import headwater.config.CamflowdConfig;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Says what can be captured here, by which front-end, what it cannot see, and what to install. */
final class DoctorVerb implements Verb {
    private static final int TEXT_COLUMNS = 100;

    private final Path policyFile;
    private final Path outputsFile;

    DoctorVerb() {
        this(Path.of(CamflowConfig.PATH), Path.of(CamflowdConfig.PATH));
    }

    /** The files of a start that names none, which need not be there. */
    DoctorVerb(Path policyFile, Path outputsFile) {
        this.policyFile = policyFile;
        this.outputsFile = outputsFile;
    }

    /** One line of the report; {@code advice} says what to do about a no. */
    private record Finding(String name, boolean good, String detail, String advice) {
    }

    @Override
    public void describe(CommandSpec spec) {
        StorePath.describe(spec);
        spec.addOption(OptionSpec.builder("--json").type(boolean.class).arity("0").description("as one JSON object").build());
    }

    @Override
    public int run(ParseResult parsed, Context context) throws Failure, IOException {
        List<Finding> findings = new ArrayList<>();
        findings.add(new Finding("kernel", true, System.getProperty("os.version") + " " + System.getProperty("os.arch"), ""));
        findings.add(new Finding("kernel types (BTF)", KernelFeatures.hasBtf(), "/sys/kernel/btf/vmlinux",
                "use a kernel built with CONFIG_DEBUG_INFO_BTF=y, as all of Debian's are"));
        findings.add(new Finding("privileges", Privileges.mayCapture(), "CAP_BPF and CAP_PERFMON, or root",
                "run as root: sudo headwater doctor"));
        FrontEnd best = frontEnds(findings);
        findings.add(refusing());
        findings.add(new Finding("pictures (--format svg)", onPath("dot", context), "Graphviz",
                "apt-get install graphviz"));
        Path store = StorePath.of(parsed, context);
        findings.add(new Finding("store", writable(store), store.toString(), "make it writable, or name another with --store"));
        findings.add(policy(store, context));
        if (parsed.hasMatchedOption("--json")) {
            print(context, json(findings, best));
        } else {
            print(context, text(findings, best));
        }
        return best == null ? ExitCode.NOT_POSSIBLE : ExitCode.ANSWERED;
    }

    /** What is captured now, or would be by a start. */
    private Finding policy(Path store, Context context) {
        try {
            String status = Control.ask(store.toAbsolutePath(), Control.STATUS);
            if (status != null) {
                return new Finding("policy", true, "running: " + ControlAnswer.parse(status).text("policy"), "");
            }
        } catch (IOException e) {
            return new Finding("policy", false, "of the running daemon", e.getMessage());
        }
        try {
            ConfigFiles.Content content = new ConfigFiles(policyFile, false, outputsFile, false, new ThisMachine(context.files())).read();
            return new Finding("policy", true, content.isFromFile() ? "at the next start: " + PolicyText.of(content.config()) + ", by "
                    + policyFile : "at the next start: everything, as there is no " + policyFile, "");
        } catch (ConfigFiles.RefusedException | IOException e) {
            return new Finding("policy", false, "at the next start", e.getMessage().replace("\n", "; "));
        }
    }

    private static FrontEnd frontEnds(List<Finding> findings) {
        FrontEnd best = null;
        for (FrontEnd frontEnd : FrontEnd.values()) {
            String refusal = Privileges.mayCapture() ? refusal(frontEnd) : "cannot be tried without privileges";
            findings.add(new Finding("front-end " + frontEnd.text(), refusal.isEmpty(), "", refusal));
            if (best == null && refusal.isEmpty()) {
                best = frontEnd;
            }
        }
        return best;
    }

    private static Finding refusing() {
        String refusal = Privileges.mayCapture() ? refusal(FrontEnd.LSM) : "cannot be tried without privileges";
        return new Finding("--on-loss block", refusal.isEmpty(), "refuse what cannot be recorded",
                "needs the front-end lsm: " + refusal);
    }

    private static String refusal(FrontEnd frontEnd) {
        try {
            return KernelFeatures.refusal(frontEnd);
        } catch (KernelException | IllegalStateException e) {
            return e.getMessage();
        }
    }

    private static String text(List<Finding> findings, FrontEnd best) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            text.append(finding.good ? "yes  " : "no   ").append(String.format("%-26s", finding.name));
            text.append(finding.detail);
            if (!finding.good) {
                text.append(finding.detail.isEmpty() ? "" : ": ").append(finding.advice);
            }
            text.append('\n');
        }
        if (best == null) {
            return text.append("\nCapture is not possible here.\n").toString();
        }
        text.append("\nCapture is possible with front-end ").append(best.text()).append(". What it guarantees:\n");
        best.guarantees().forEach(line -> text.append("  + ").append(line).append('\n'));
        text.append("What it cannot see:\n");
        for (BlindSpot.Topic topic : BlindSpot.Topic.values()) {
            List<BlindSpot> spots = best.blindSpots().stream().filter(spot -> spot.topic() == topic).toList();
            text.append(spots.isEmpty() ? "" : "  " + topic.text() + '\n');
            spots.forEach(spot -> item(text, spot.text()));
        }
        return text.toString();
    }

    /** A line of a list, broken so that it can be read in a terminal. */
    private static void item(StringBuilder text, String words) {
        int column = 5;
        text.append("    -");
        for (String word : words.split(" ")) {
            if (column + 1 + word.length() > TEXT_COLUMNS) {
                text.append("\n     ");
                column = 5;
            }
            text.append(' ').append(word);
            column += 1 + word.length();
        }
        text.append('\n');
    }

    private static String json(List<Finding> findings, FrontEnd best) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("front_end", best == null ? null : best.text());
            json.writeArrayPropertyStart("findings");
            for (Finding finding : findings) {
                json.writeStartObject();
                json.writeStringProperty("name", finding.name);
                json.writeBooleanProperty("good", finding.good);
                json.writeStringProperty("detail", finding.detail);
                json.writeStringProperty("advice", finding.good ? "" : finding.advice);
                json.writeEndObject();
            }
            json.writeEndArray();
            lines(json, "guarantees", best == null ? List.of() : best.guarantees());
            lines(json, "blind_spots", best == null ? List.of()
                    : best.blindSpots().stream().map(BlindSpot::text).toList());
            json.writeEndObject();
        }
        return out + "\n";
    }

    private static void lines(JsonGenerator json, String name, List<String> lines) {
        json.writeArrayPropertyStart(name);
        lines.forEach(json::writeString);
        json.writeEndArray();
    }

    private static boolean onPath(String program, Context context) {
        for (String folder : context.environment().getOrDefault("PATH", "").split(":")) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return true;
            }
        }
        return false;
    }

    private static boolean writable(Path store) {
        Path at = store.toAbsolutePath();
        while (at != null && !Files.exists(at)) {
            at = at.getParent();
        }
        return at != null && Files.isWritable(at);
    }

    private static void print(Context context, String text) throws IOException {
        context.out().write(text.getBytes(StandardCharsets.UTF_8));
    }
}
