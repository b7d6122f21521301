// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.model.GraphSink;
import headwater.model.GraphView;
import headwater.query.AsOfView;
import headwater.query.AttributeHistory;
import headwater.query.NothingFoundException;
import headwater.store.Store;
import headwater.store.StoreDamagedException;
import headwater.store.StoreException;
import headwater.store.StoreVersionException;
import headwater.store.index.StoreView;
import headwater.store.log.LogPosition;
import headwater.store.log.LogReader;
import java.nio.file.Path;
import java.util.Optional;

/** Joins the query verbs to the files of a store. */
final class StoreBinding implements GraphSource {
    @Override
    public GraphView open(Path store) throws Failure {
        try {
            // The store itself needs no closing: open for reading it holds no lock, and the view holds its own files.
            StoreView view = Store.openForReading(store).view();
            view.notices().forEach(notice -> System.err.println("headwater: " + notice));
            return view;
        } catch (StoreException e) {
            throw of(e);
        }
    }

    @Override
    public GraphView open(Path path, long timeNs) throws Failure {
        GraphView now = open(path);
        try {
            return AsOfView.of(now, timeNs, new LogOf(Store.openForReading(path).log(), (StoreView) now));
        } catch (NothingFoundException e) {
            now.close();
            throw new Failure(ExitCode.NOTHING, e.getMessage(), e);
        } catch (StoreException e) {
            now.close();
            throw of(e);
        }
    }

    /** The log, for what attributes said earlier. */
    private record LogOf(LogReader log, StoreView view) implements AttributeHistory.Log {
        @Override
        public void since(long fromNs, GraphSink sink) {
            LogPosition[] last = {log.start()};
            log.scan(log.start(), at -> {
                boolean before = at.timeNs() <= fromNs;
                last[0] = before ? at : last[0];
                return before;
            });
            log.replay(last[0], sink);
        }

        @Override
        public void until(long toNs, GraphSink sink) {
            view.carried(sink);
            log.replay(sink);
        }
    }

    @Override
    public Optional<Failure> failure(RuntimeException thrown) {
        return thrown instanceof StoreException e ? Optional.of(of(e)) : Optional.empty();
    }

    private static Failure of(StoreException e) {
        boolean damaged = e instanceof StoreDamagedException || e instanceof StoreVersionException;
        return new Failure(damaged ? ExitCode.DAMAGED : ExitCode.NOTHING, e.getMessage(), e);
    }
}
