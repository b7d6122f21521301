// SPDX-License-Identifier: Apache-2.0
package headwater.importers;

import headwater.model.GraphView;
import headwater.query.format.StoreFormat;
import headwater.store.ContinuationState;
import headwater.store.Store;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A source in a store of its own, as `import` puts it there. */
final class Imported implements AutoCloseable {
    static final long WRITTEN_NS = 1_700_000_000_000_000_000L;
    static final long NOW_NS = 1_800_000_000_000_000_000L;

    final List<String> faults = new ArrayList<>();
    final Import.Figures figures;
    final ImportFormat format;
    final GraphView view;

    private Imported(Path store, Path temp, byte[] source, ImportFormat wanted) throws IOException {
        try (Store into = Store.openForWriting(store, "test"); Import one = new Import("test", temp, WRITTEN_NS,
                faults::add)) {
            one.read(new ByteArrayInputStream(source), wanted);
            ContinuationState state = into.continuation();
            one.load(into.writer(), new ImportTarget(state.nextSession(), state.nextObject(), state.nextNode(),
                    state.nextEdge(),
                    state.bootNumber("import-" + one.sha256()), 7), NOW_NS);
            into.writer().sync();
            figures = one.figures();
            format = one.format();
        }
        view = Store.openForReading(store).view();
    }

    static Imported of(Path folder, byte[] source, ImportFormat wanted) throws IOException {
        return new Imported(folder.resolve("store"), folder, source, wanted);
    }

    static Imported of(Path folder, String source) throws IOException {
        return of(folder, source.getBytes(StandardCharsets.UTF_8), null);
    }

    String export(StoreFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        format.writeAll(view, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        view.close();
    }
}
