// SPDX-License-Identifier: Apache-2.0
package headwater.config;

/** Whose a section or key is. */
public enum Origin {
    /** It is in CamFlow's own file, with CamFlow's meaning. */
    CAMFLOW("CamFlow"),
    /** It is an addition of Headwater's, which CamFlow passes over. */
    HEADWATER("Headwater");

    private final String text;

    Origin(String text) {
        this.text = text;
    }

    /** The name that people see. */
    public String text() {
        return text;
    }
}
