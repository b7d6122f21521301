// SPDX-License-Identifier: Apache-2.0
/** The recorder {@code parquet}: the graph as Parquet files, a folder for each table. */
package headwater.recorders.parquet;
