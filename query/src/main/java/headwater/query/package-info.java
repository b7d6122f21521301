// SPDX-License-Identifier: Apache-2.0
/** Questions to the graph: what is meant, where it came from, where it went, and the answer. */
package headwater.query;
