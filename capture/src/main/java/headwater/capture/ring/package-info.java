// SPDX-License-Identifier: Apache-2.0
/** BPF ring buffers read in place, and the merge of all CPUs' rings into one order. */
package headwater.capture.ring;
