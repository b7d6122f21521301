// SPDX-License-Identifier: Apache-2.0
package headwater.agent;

import java.nio.file.Path;

/**
 * How a daemon runs.
 *
 * @param plan what is captured, and how
 * @param files where its configuration is read again
 * @param content what they say now
 * @param socket where the machine's control socket is; null for none but the store's own
 * @param group who may use it beside root, a number; -1 for nobody
 * @param nodes answers what the record has of a file or process
 */
public record Setup(Recording.Plan plan, ConfigFiles files, ConfigFiles.Content content, Path socket, int group, NodeLookup nodes) {
    /** Without any configuration, and without a socket beside the store's own. */
    public static Setup of(Recording.Plan plan) {
        return new Setup(plan, ConfigFiles.standard(headwater.config.Machine.ANY), ConfigFiles.Content.NONE, null, -1, NodeLookup.NONE);
    }
}
