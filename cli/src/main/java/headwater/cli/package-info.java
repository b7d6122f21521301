// SPDX-License-Identifier: Apache-2.0
/** The command line: {@code headwater VERB …}. One class for each verb; {@link headwater.cli.Verbs} lists them. */
package headwater.cli;
