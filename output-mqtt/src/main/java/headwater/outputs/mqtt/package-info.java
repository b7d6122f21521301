// SPDX-License-Identifier: Apache-2.0
/** The output {@code mqtt}. */
package headwater.outputs.mqtt;
