// SPDX-License-Identifier: Apache-2.0
package headwater.query;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names without what is by chance other in each run: process ids, temporary names, build ids, times, homes, ports. The patterns are plain
 * enough that each takes time linear in the name. Immutable.
 */
public final class RunNames {
    /** As they are. */
    public static final RunNames EXACT = new RunNames(false);
    /** Without what differs by chance. */
    public static final RunNames ALIKE = new RunNames(true);

    private record Rule(Pattern pattern, String with) {
        Rule(String pattern, String with) {
            this(Pattern.compile(pattern), with);
        }
    }

    private static final List<Rule> RULES = List.of(
            // A process's own folder; socket:[…], pipe:[…].
            new Rule("^/proc/[0-9]++(?=/|$)", "/proc/PID"),
            new Rule("/task/[0-9]++(?=/|$)", "/task/PID"),
            new Rule(":\\[[0-9]++\\]$", ":[N]"),
            // Homes.
            new Rule("^(?:/home/[^/]++|/root)(?=/|$)", "~"),
            new Rule("/run/user/[0-9]++(?=/|$)", "/run/user/UID"),
            // UUIDs, then dates and times, then build ids and hashes.
            new Rule("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}", "UUID"),
            new Rule("(?<![0-9])20[0-9]{2}-[01][0-9]-[0-3][0-9](?:[T_ -][0-2][0-9][:.-]?[0-5][0-9](?:[:.-]?[0-5][0-9])?Z?)?(?![0-9])", "TIME"),
            new Rule("(?<![0-9])20[0-9]{2}[01][0-9][0-3][0-9](?:[T_-]?[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?Z?(?![0-9])", "TIME"),
            new Rule("(?<![0-9])1[5-9][0-9]{8}(?:[0-9]{3})?(?![0-9])", "TIME"),
            new Rule("/[0-9a-f]{2}/[0-9a-f]{30,}+", "/HASH"),
            new Rule("(?<![0-9A-Za-z])(?=[a-f]*+[0-9])[0-9a-f]{12,}+(?![0-9A-Za-z])", "HASH"));
    /** Where programs make names of their own choice. */
    private static final Pattern TEMPORARY = Pattern.compile("^(/tmp|/var/tmp|/dev/shm)/(.+)$");
    private static final Pattern CHANCE = Pattern.compile("(?<=[._-]|^)[A-Za-z0-9]{6,}+(?=\\.[a-z]++$|$)|^cc[A-Za-z0-9]{6}(?=\\.|$)|[0-9]{3,}+");
    private static final Pattern MKTEMP_ANYWHERE = Pattern.compile("(?<=[.-])(?=[a-z]*+[A-Z0-9])[A-Za-z0-9]{6}(?=$|\\.(?:tmp|swp|part)$)");

    private final boolean alike;

    private RunNames(boolean alike) {
        this.alike = alike;
    }

    /** The name of a file. */
    public String file(String path) {
        if (!alike) {
            return path;
        }
        String name = path;
        for (Rule rule : RULES) {
            name = rule.pattern().matcher(name).replaceAll(rule.with());
        }
        Matcher temporary = TEMPORARY.matcher(name);
        if (!temporary.matches()) {
            return MKTEMP_ANYWHERE.matcher(name).replaceAll("TEMP");
        }
        StringBuilder text = new StringBuilder(temporary.group(1));
        for (String part : temporary.group(2).split("/", -1)) {
            text.append('/').append(chance(part));
        }
        return text.toString();
    }

    /** One name below a temporary folder: what looks as if made by chance has capitals within or digits. */
    private static String chance(String part) {
        return CHANCE.matcher(part).replaceAll(match -> {
            String word = match.group();
            boolean mixed = word.chars().anyMatch(Character::isDigit) || word.substring(1).chars().anyMatch(Character::isUpperCase)
                    && word.chars().anyMatch(Character::isLowerCase) || word.startsWith("cc") && word.length() == 8;
            return mixed ? "TEMP" : word;
        });
    }

    /** An address, {@code HOST:PORT}; a port that the kernel chose is left out. */
    public String address(String address) {
        int colon = address.lastIndexOf(':');
        String port = address.substring(colon + 1);
        boolean ephemeral = colon > 0 && port.matches("[0-9]{5}") && Integer.parseInt(port) >= 32768;
        return alike && ephemeral ? address.substring(0, colon) + ":PORT" : alike && colon < 0 ? file(address) : address;
    }
}
