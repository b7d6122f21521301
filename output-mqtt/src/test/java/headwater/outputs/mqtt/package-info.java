// SPDX-License-Identifier: Apache-2.0
/** The output {@code mqtt}, with a real broker. */
package headwater.outputs.mqtt;
