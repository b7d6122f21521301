// SPDX-License-Identifier: Apache-2.0
/** The query language: patterns of nodes and flows, lineage operators, and how they are answered. */
package headwater.query.match;
