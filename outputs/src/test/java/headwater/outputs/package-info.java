// SPDX-License-Identifier: Apache-2.0
/** Outputs of long captures, read by a strict consumer. */
package headwater.outputs;
