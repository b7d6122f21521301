// SPDX-License-Identifier: Apache-2.0
/** From ordered records to the versioned, acyclic provenance graph. */
package headwater.graph;
