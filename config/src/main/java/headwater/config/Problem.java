// SPDX-License-Identifier: Apache-2.0
package headwater.config;

/**
 * Something about a configuration file that its writer should know. All texts are fit for a terminal.
 *
 * @param file the name of the file, as it was asked for
 * @param line from 1; 0 if it is about the file as a whole
 * @param section the section's name, empty if there is none
 * @param key empty if it is about no key
 * @param value empty if it is about no value
 * @param what what is the matter
 * @param next what holds now, or what to do
 */
public record Problem(Severity severity, String file, int line, String section, String key, String value, String what, String next) {
    /** One line, as compilers write theirs. */
    public String text() {
        StringBuilder text = new StringBuilder(file);
        if (line > 0) {
            text.append(':').append(line);
        }
        text.append(": ").append(severity.text()).append(": ").append(what);
        String separator = ": ";
        if (!section.isEmpty()) {
            text.append(separator).append("section=").append(section);
            separator = ", ";
        }
        if (!key.isEmpty()) {
            text.append(separator).append("key=").append(key);
            separator = ", ";
        }
        if (!value.isEmpty()) {
            text.append(separator).append("value=").append(value);
        }
        return next.isEmpty() ? text.toString() : text.append("; ").append(next).toString();
    }
}
