// SPDX-License-Identifier: Apache-2.0
/** Tests against a Neo4j server of their own. */
package headwater.recorders.neo4j;
