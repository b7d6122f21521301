// SPDX-License-Identifier: Apache-2.0
/**
 * What the store costs and how fast it answers, on the graph of a kernel build that is made up anew each time, the same
 * each time.
 */
package headwater.bench.store;
