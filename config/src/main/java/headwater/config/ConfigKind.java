// SPDX-License-Identifier: Apache-2.0
package headwater.config;

import java.util.Optional;

/** Which of CamFlow's two files a file is. */
public enum ConfigKind {
    /** What is captured. */
    CAMFLOW("camflow.ini"),
    /** Where it goes. */
    CAMFLOWD("camflowd.ini");

    private final String text;

    ConfigKind(String text) {
        this.text = text;
    }

    /** The file's name. */
    public String text() {
        return text;
    }

    /**
     * By the sections that the file has; if these do not tell, by its name.
     *
     * @param name the file's name, without its folder
     * @return empty if neither tells
     */
    public static Optional<ConfigKind> of(String name, byte[] bytes) {
        Problems unread = new Problems(name);
        IniFile file = new IniParser(unread).parse(bytes);
        long camflow = new CamflowReader(unread, Machine.ANY).schema().matches(file);
        long camflowd = new CamflowdReader(unread).schema().matches(file);
        if (camflow != camflowd) {
            return Optional.of(camflow > camflowd ? CAMFLOW : CAMFLOWD);
        }
        if (name.contains("camflowd")) {
            return Optional.of(CAMFLOWD);
        }
        return name.contains("camflow") ? Optional.of(CAMFLOW) : Optional.empty();
    }
}
