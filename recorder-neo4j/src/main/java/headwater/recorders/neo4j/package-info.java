// SPDX-License-Identifier: Apache-2.0
/** The recorder {@code neo4j}: the graph as a property graph, over Bolt. */
package headwater.recorders.neo4j;
