// SPDX-License-Identifier: Apache-2.0
/** The vocabulary of the provenance graph and the two interfaces through which it is written and read. */
package headwater.model;
