// SPDX-License-Identifier: Apache-2.0
/** The forms in which an answer, or a whole store, is written down: one class for each. */
package headwater.query.format;
