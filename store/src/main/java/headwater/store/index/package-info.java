// SPDX-License-Identifier: Apache-2.0
/** The index: a memory-mapped copy of the graph that is derived from the log and can be thrown away. */
package headwater.store.index;
