// SPDX-License-Identifier: Apache-2.0
/** The expression language, a subset of CEL: read, checked against the fields of what it is asked of, and compiled. */
package headwater.expression;
