// SPDX-License-Identifier: Apache-2.0
package headwater.kafka;

import java.io.IOException;

/** A message is not what a recorder writes, or does not follow the one before. It names topic, partition and offset. */
public final class MalformedMessageException extends IOException {
    private static final long serialVersionUID = 1;

    MalformedMessageException(String topic, int partition, long offset, String what) {
        super("message of no use: topic=" + topic + ", partition=" + partition + ", offset=" + offset + ": " + what);
    }
}
