// SPDX-License-Identifier: Apache-2.0
/**
 * Reads the blocks of logs out of Kafka: checks that each is whole and follows the one before, and gives their events.
 */
package headwater.kafka;
