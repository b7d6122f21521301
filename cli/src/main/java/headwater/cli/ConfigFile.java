// SPDX-License-Identifier: Apache-2.0
package headwater.cli;

import headwater.config.CamflowConfig;
import headwater.config.CamflowdConfig;
import headwater.config.ConfigKind;
import headwater.config.Machine;
import headwater.config.Parsed;
import headwater.config.Problem;
import headwater.config.Setting;
import headwater.config.Severity;
import java.util.List;
import java.util.Optional;

/**
 * One configuration file, of either kind, as it is shown.
 *
 * @param name as it was asked for
 * @param shown what is in effect; empty if the file is refused
 */
record ConfigFile(String name, ConfigKind kind, List<Problem> problems, Optional<Shown> shown) {
    /**
     * What is in effect, fit to be shown.
     *
     * @param ini the same as a file
     */
    record Shown(List<Setting.Section> sections, byte[] ini) {
        private static Shown of(CamflowConfig config, String comment) {
            CamflowConfig inEffect = config.inEffect();
            return new Shown(inEffect.sections(), inEffect.toIni(comment));
        }

        private static Shown of(CamflowdConfig config, String comment) {
            CamflowdConfig shown = config.withoutPassword();
            return new Shown(shown.sections(), shown.toIni(comment));
        }
    }

    static ConfigFile of(String name, ConfigKind kind, byte[] bytes, Machine machine) {
        String comment = " what is in effect by " + name;
        if (kind == ConfigKind.CAMFLOWD) {
            Parsed<CamflowdConfig> parsed = CamflowdConfig.parse(name, bytes);
            return new ConfigFile(name, kind, parsed.problems(), parsed.config().map(config -> Shown.of(config, comment)));
        }
        Parsed<CamflowConfig> parsed = CamflowConfig.parse(name, bytes, machine);
        return new ConfigFile(name, kind, parsed.problems(), parsed.config().map(config -> Shown.of(config, comment)));
    }

    /** What is in effect without a file. */
    static ConfigFile absent(String name) {
        return new ConfigFile(name, ConfigKind.CAMFLOW, List.of(),
                Optional.of(Shown.of(CamflowConfig.withoutFile(), " what is in effect: there is no " + name)));
    }

    boolean isRefused() {
        return shown.isEmpty();
    }

    long count(Severity severity) {
        return problems.stream().filter(problem -> problem.severity() == severity).count();
    }
}
