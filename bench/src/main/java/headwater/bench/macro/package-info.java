// SPDX-License-Identifier: Apache-2.0
/**
 * Whole programs with and without a recorder: dev/bench macro (Headwater's own arms) and dev/bench peers (others beside
 * it). A {@link headwater.bench.macro.Workload} is what runs, a {@link headwater.bench.macro.Recorder} what watches.
 */
package headwater.bench.macro;
