// SPDX-License-Identifier: Apache-2.0
/** Lines of logs: how they are cut out of what processes write, what they say, and how many are kept. */
package headwater.graph.lines;
