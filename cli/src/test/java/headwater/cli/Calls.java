// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.query.FileNow;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** Calls of the command line within this process, on one real store; no path names a file now. For one thread. */
final class Calls {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Path store;
    private final Clock clock;

    Calls(Path store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Calls {@code headwater ARGUMENTS}; an exit code. What the call before said is forgotten. */
    int run(String... arguments) {
        out.reset();
        err.reset();
        FileNow.Lookup nothing = path -> new FileNow(path, path, false, false, 0, 0);
        return Main.run(arguments, new Context(out, new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of("HEADWATER_STORE", store.toString()), clock, new StoreBinding(), nothing));
    }

    String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
