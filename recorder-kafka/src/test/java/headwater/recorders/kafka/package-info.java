// SPDX-License-Identifier: Apache-2.0
/** Tests against a Kafka broker of their own. */
package headwater.recorders.kafka;
