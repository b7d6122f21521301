// SPDX-License-Identifier: Apache-2.0
/** The recorder {@code postgresql}: the graph as tables, by COPY, each batch in one transaction with the position. */
package headwater.recorders.postgresql;
