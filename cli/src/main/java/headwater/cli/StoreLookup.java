// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.agent.NodeLookup;
import headwater.model.Gap;
import headwater.model.GraphView;
import headwater.model.NodeKind;
import headwater.query.Escapes;
import headwater.query.NothingFoundException;
import headwater.query.What;
import headwater.query.WhatFinder;
import headwater.query.format.CamflowNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Looks nodes up in the store of the daemon itself.
 *
 * @param context who opens stores, and says what a path names now
 */
record StoreLookup(Context context) implements NodeLookup {
    @Override
    public Optional<Node> file(Path store, String path) {
        return find(store, What.parse(path.startsWith("/") ? Escapes.toLine(path) : "./" + path), kind -> true);
    }

    @Override
    public Optional<Node> process(Path store, int pid) {
        return find(store, What.parse("pid:" + pid), kind -> kind == NodeKind.PROCESS_MEMORY.code());
    }

    private Optional<Node> find(Path store, What what, LongPredicate wanted) {
        try (GraphView view = context.graphs().open(store)) {
            if (view.gaps().stream().anyMatch(gap -> gap.cause() == Gap.Cause.NOT_INDEXED)) {
                throw new IllegalStateException("the index is behind what is recorded: store=" + store + "; ask again");
            }
            long newest = -1;
            for (long node : new WhatFinder(view, context.files()).find(what).nodes()) {
                if (wanted.test(view.kind(view.object(node)).code()) && node > newest) {
                    newest = node;
                }
            }
            return newest < 0 ? Optional.empty() : Optional.of(node(view, newest));
        } catch (NothingFoundException e) {
            return Optional.empty();
        } catch (Failure | IOException e) {
            throw new IllegalStateException("the store cannot be read: store=" + store + ", cause=" + e.getMessage(), e);
        }
    }

    private static Node node(GraphView view, long node) {
        CamflowNode one = CamflowNode.of(view, node);
        return new Node(one.identifier(), one.kind().text(), one.kind().typeWord(), one.id(), one.boot(), one.machine(), one.version());
    }
}
