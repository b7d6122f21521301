// SPDX-License-Identifier: Apache-2.0
/** The recorder {@code kafka}: one message for each block of the log. */
package headwater.recorders.kafka;
