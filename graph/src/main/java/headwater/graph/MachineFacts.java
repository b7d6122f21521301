// SPDX-License-Identifier: Apache-2.0
package headwater.graph;

/**
 * What the record says of the machine: the fields of uname(2), which boot it is, and who records.
 *
 * @param bootId the kernel's random boot id
 * @param recorder the version of Headwater
 */
public record MachineFacts(String sysname, String nodename, String release, String version, String hardware,
        String domainname, String bootId, String recorder) {
}
