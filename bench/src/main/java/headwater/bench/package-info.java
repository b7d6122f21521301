// SPDX-License-Identifier: Apache-2.0
/** Benchmarks of the capture path, run by {@code dev/bench}; nothing of this is shipped. */
package headwater.bench;
