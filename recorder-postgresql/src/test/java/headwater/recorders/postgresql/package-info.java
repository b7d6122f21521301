// SPDX-License-Identifier: Apache-2.0
/** Tests against a PostgreSQL server of their own. */
package headwater.recorders.postgresql;
