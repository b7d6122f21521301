// SPDX-License-Identifier: Apache-2.0
/** Evidence out of what was recorded, in the forms that others ask for. */
package headwater.evidence;
