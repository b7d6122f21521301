// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;

/** All kinds of destination. */
final class Drivers {
    private record BuiltIn(String name, Function<OutputSpec, Destination> maker) implements DestinationDriver {
        @Override
        public Destination destination(OutputSpec spec) {
            return maker.apply(spec);
        }
    }

    private static final List<DestinationDriver> BUILT_IN = List.of(
            new BuiltIn("null", spec -> {
                spec.allow(Set.of());
                return new NullDestination();
            }),
            new BuiltIn("log", spec -> {
                spec.allow(Set.of("path", "max_bytes", "files"));
                return new LogFileDestination(Path.of(spec.required("path")), spec.number("max_bytes", 0, 0, Long.MAX_VALUE),
                        (int) spec.number("files", LogFileDestination.FILES, 1, 9999));
            }),
            new BuiltIn("unix", spec -> {
                spec.allow(Set.of("address"));
                return new UnixDestination(spec.required("address"));
            }),
            new BuiltIn("fifo", spec -> {
                spec.allow(Set.of("path"));
                // SPADE's reporter DSL makes its FIFO itself.
                return new FifoDestination(Path.of(spec.required("path")), spec.format() != OutputFormat.SPADE_DSL);
            }),
            new BuiltIn("gzip", spec -> {
                spec.allow(Set.of("path", "max_bytes", "level"));
                return new GzipDestination(Path.of(spec.required("path")),
                        spec.number("max_bytes", GzipDestination.MAX_BYTES, 1 << 16, Long.MAX_VALUE),
                        (int) spec.number("level", GzipDestination.LEVEL, 1, 9));
            }));

    private Drivers() {
    }

    /**
     * The destination that {@code spec} asks for.
     *
     * @throws IllegalArgumentException if there is no such kind, or a setting is wrong
     */
    static Destination destination(OutputSpec spec) {
        List<DestinationDriver> all = new ArrayList<>(BUILT_IN);
        ServiceLoader.load(DestinationDriver.class).forEach(all::add);
        for (DestinationDriver driver : all) {
            if (driver.name().equals(spec.destination())) {
                return driver.destination(spec);
            }
        }
        throw new IllegalArgumentException("output " + spec.name() + ": unknown destination: destination=" + spec.destination()
                + ", want one of " + String.join(" ", all.stream().map(DestinationDriver::name).toList()));
    }
}
