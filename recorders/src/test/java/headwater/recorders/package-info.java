// SPDX-License-Identifier: Apache-2.0
/** Tests, and what the tests of all recorders share. */
package headwater.recorders;
