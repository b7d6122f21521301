// SPDX-License-Identifier: Apache-2.0
package headwater.cli.camflow;

import headwater.agent.Control;
import headwater.cli.ControlAnswer;
import headwater.config.CamflowConfig;
import headwater.config.Machine;
import headwater.config.Parsed;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Asks the machine's daemon. */
final class DaemonClient {
    /** Nobody listens. */
    static final class AbsentException extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** The daemon says no. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    /**
     * One change of the policy.
     *
     * @param operation set, add, remove or clear
     * @param value empty to clear
     */
    record Edit(String operation, String section, String key, String value) {
    }

    private final Path socket;

    DaemonClient(Map<String, String> environment) {
        String named = environment.getOrDefault(Control.SOCKET_VARIABLE, "");
        socket = named.isEmpty() ? Control.MACHINE_SOCKET : Path.of(named);
    }

    Path socket() {
        return socket;
    }

    /** Asks without more members. */
    ControlAnswer ask(String request) throws IOException, AbsentException, RefusedException {
        return ask(request, Map.of(), List.of());
    }

    ControlAnswer ask(String request, Map<String, String> members) throws IOException, AbsentException, RefusedException {
        return ask(request, members, List.of());
    }

    ControlAnswer edit(List<Edit> edits) throws IOException, AbsentException, RefusedException {
        return ask("edit", Map.of(), edits);
    }

    private ControlAnswer ask(String request, Map<String, String> members, List<Edit> edits)
            throws IOException, AbsentException, RefusedException {
        String answer = Control.askAt(socket, line(request, members, edits), "Permission denied: socket=" + socket
                + "; only root and the members of its group may");
        if (answer == null) {
            throw new AbsentException();
        }
        ControlAnswer said = ControlAnswer.parse(answer);
        if (!said.ok()) {
            throw new RefusedException(said.text("error"));
        }
        return said;
    }

    /** The configuration that an answer to {@code policy} holds. */
    static CamflowConfig config(ControlAnswer policy) throws RefusedException {
        Parsed<CamflowConfig> parsed = CamflowConfig.parse("daemon", Base64.getDecoder().decode(policy.text("ini")), Machine.ANY);
        return parsed.config().orElseThrow(() -> new RefusedException("the daemon's policy cannot be read: "
                + parsed.problems().getFirst().text() + "; are both of one version?"));
    }

    private static String line(String request, Map<String, String> members, List<Edit> edits) {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeNumberProperty("version", 1);
            json.writeStringProperty("request", request);
            members.forEach(json::writeStringProperty);
            if (!edits.isEmpty()) {
                json.writeArrayPropertyStart("edits");
                for (Edit edit : edits) {
                    json.writeStartObject();
                    json.writeStringProperty("do", edit.operation);
                    json.writeStringProperty("section", edit.section);
                    json.writeStringProperty("key", edit.key);
                    if (!edit.operation.equals("clear")) {
                        json.writeStringProperty("value", edit.value);
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
        }
        return out.toString();
    }
}
