// SPDX-License-Identifier: Apache-2.0
package headwater.outputs;

import java.nio.charset.StandardCharsets;

/**
 * What is sent at once.
 *
 * @param text one W3C document without a newline, or SPADE records that each end in one
 * @param machineId of the machine that it tells of, 32 bits
 * @param format in which it is written
 */
public record Document(String text, int machineId, OutputFormat format) {
    /** As UTF-8. */
    public byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** As lines of a file. */
    public byte[] lines() {
        return format == OutputFormat.W3C ? (text + '\n').getBytes(StandardCharsets.UTF_8) : bytes();
    }

    /** With a zero byte behind it, by which readers of CamFlow's FIFOs and sockets tell documents apart; SPADE's DSL has lines only. */
    public byte[] terminated() {
        return format == OutputFormat.SPADE_DSL ? bytes() : (text + '\0').getBytes(StandardCharsets.UTF_8);
    }
}
