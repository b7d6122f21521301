// SPDX-License-Identifier: Apache-2.0
/** Tests that read the files with DuckDB. */
package headwater.recorders.parquet;
