// SPDX-License-Identifier: Apache-2.0
package headwater.config;

/**
 * One value of one key, where it stands.
 *
 * @param section as the file writes it; empty before the first section
 * @param line from 1
 */
public record IniEntry(RawText section, RawText key, RawText value, int line) {
}
