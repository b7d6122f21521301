// SPDX-License-Identifier: Apache-2.0
package headwater.query.format;

import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.model.Relation;
import headwater.model.Session;

/** A view of a store, as CamFlow's formats ask it. */
final class WholeGraph implements CamflowGraph {
    private final GraphView view;
    private final SessionTimes sessions;
    private final ImportedStatements imported;

    WholeGraph(GraphView view) {
        this.view = view;
        this.sessions = new SessionTimes(view.sessions());
        this.imported = new ImportedStatements(view);
    }

    @Override
    public NodeKind kind(long object) {
        return view.kind(object);
    }

    @Override
    public long object(long node) {
        return view.object(node);
    }

    @Override
    public int version(long node) {
        return view.version(node);
    }

    @Override
    public long timeNs(long node) {
        return view.timeNs(node);
    }

    @Override
    public GraphView.Attributes attributes(long object) {
        return view.attributes(object);
    }

    @Override
    public ImportedStatements imported() {
        return imported.any() ? imported : null;
    }

    @Override
    public Session birth(long object) {
        Session session = imported.of(object);
        if (session != null) {
            return session;
        }
        return sessions.oneBoot() ? sessions.first() : at(view.timeNs(view.versions(object)[0]));
    }

    @Override
    public Session at(long timeNs) {
        return sessions.at(timeNs);
    }

    @Override
    public boolean sent(long object) {
        boolean[] sent = {false};
        for (long any : view.versions(object)) {
            view.causes(any, (edge, relation, other, timeNs) -> {
                sent[0] |= relation == Relation.SEND_PACKET;
                return !sent[0];
            });
            if (sent[0]) {
                break;
            }
        }
        return sent[0];
    }
}
