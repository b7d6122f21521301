// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.Session;
import headwater.query.Escapes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** The recordings of a store, one on a line. */
public final class RunList {
    private RunList() {
    }

    public static void write(GraphView view, boolean json, OutputStream out) throws IOException {
        if (json) {
            json(view, out);
            return;
        }
        StringBuilder text = new StringBuilder(view.sessions().isEmpty() ? "No runs.\n"
                : "run  began                    took        front-end  gaps  what\n");
        List<Session> sessions = view.sessions();
        for (int i = 0; i < sessions.size(); i++) {
            Session session = sessions.get(i);
            String took = session.endNs() != 0 ? String.format("%.3f s", (session.endNs() - session.startNs()) / 1e9)
                    : i == sessions.size() - 1 ? "no end yet" : "broke off";
            text.append(String.format("%3d  %s  %-10s  %-9s  %4d  %s%n", session.number(), TextEnding.time(session.startNs()), took,
                    session.frontEnd(), gaps(view, i), session.command().isEmpty() ? "(" + session.scope() + ")"
                            : Escapes.toLine(session.command())));
        }
        String dropped = TextEnding.dropped(view);
        text.append(dropped == null ? "" : "dropped: " + dropped + "; runs that were over by then are not listed\n");
        out.write(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static long gaps(GraphView view, int index) {
        long from = view.sessions().get(index).startNs();
        long to = index + 1 < view.sessions().size() ? view.sessions().get(index + 1).startNs() : Long.MAX_VALUE;
        return view.gaps().stream().filter(gap -> gap.toNs() >= from && gap.fromNs() < to).count();
    }

    private static void json(GraphView view, OutputStream out) throws IOException {
        try (JsonGenerator json = JsonFormat.lines(out)) {
            for (int i = 0; i < view.sessions().size(); i++) {
                Session session = view.sessions().get(i);
                json.writeStartObject();
                json.writeNumberProperty("run", session.number());
                json.writeStringProperty("start", JsonFormat.time(session.startNs()));
                if (session.endNs() != 0) {
                    json.writeStringProperty("end", JsonFormat.time(session.endNs()));
                }
                json.writeStringProperty("front_end", session.frontEnd());
                json.writeStringProperty("scope", session.scope());
                json.writeStringProperty("command", session.command());
                json.writeStringProperty("on_loss", session.onLoss());
                json.writeStringProperty("boot_id", session.bootId());
                json.writeNumberProperty("machine", session.machineId());
                json.writeNumberProperty("gaps", gaps(view, i));
                json.writeEndObject();
            }
            json.writeRaw('\n');
        } catch (JacksonException e) {
            throw JsonFormat.unwrapped(e);
        }
    }
}
