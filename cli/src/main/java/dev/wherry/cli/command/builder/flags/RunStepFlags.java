package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.ResourceLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** Flags of {@code wherry build} about the processes of RUN instructions. */
public final class RunStepFlags {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,12})?) ?([kmgtp]?)i?b?");
    private static final Pattern LIMIT = Pattern.compile("([a-z]+)=(-1|\\d{1,18})(?::(-1|\\d{1,18}))?");
    private static final List<String> ENTITLEMENTS = List.of("network.host", "security.insecure", "device");

    @Option(
            names = "--network",
            paramLabel = "default|host|none",
            description = "Set the networking mode for the RUN instructions during build")
    private String network = "";

    @Option(
            names = "--add-host",
            paramLabel = "NAME:ADDRESS",
            description = "Add a custom host-to-IP mapping for the RUN instructions")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--shm-size",
            paramLabel = "BYTES",
            description = "Size of /dev/shm for the RUN instructions, such as 128m")
    private String shmSize = "";

    @Option(
            names = "--ulimit",
            paramLabel = "NAME=SOFT[:HARD]",
            description = "Set a resource limit of processes, such as nofile=1024")
    private List<String> limits = new ArrayList<>();

    @Option(
            names = "--allow",
            paramLabel = "ENTITLEMENT",
            description = "Allow an extra privileged entitlement: network.host, security.insecure or device[=NAME]")
    private List<String> allowed = new ArrayList<>();

    public void into(BuildOptions.Builder options) {
        options.setNetwork(network).setShmBytes(shmBytes());
        hosts.forEach(host -> options.addAddHosts(host(host)));
        limits.forEach(limit -> options.addLimits(limit(limit)));
        for (String entitlement : allowed) {
            if (!ENTITLEMENTS.contains(entitlement) && !entitlement.matches("device=.+")) {
                throw new Failure("--allow " + entitlement + ": there is only " + String.join(", ", ENTITLEMENTS));
            }
            options.addAllow(entitlement);
        }
    }

    /** {@code name=address} is the same; an IPv6 address may stand in brackets. */
    private static String host(String given) {
        int separator = given.indexOf('=') > 0 ? given.indexOf('=') : given.indexOf(':');
        String address = separator < 0 ? "" : given.substring(separator + 1);
        if (address.startsWith("[") && address.endsWith("]")) {
            address = address.substring(1, address.length() - 1);
        }
        if (separator <= 0 || !address.matches("[0-9a-fA-F:.]+|host-gateway")) {
            throw new Failure("--add-host " + given + ": give name:address, such as db:10.0.0.7");
        }
        return given.substring(0, separator) + ":" + address;
    }

    private long shmBytes() {
        if (shmSize.isEmpty()) {
            return 0;
        }
        Matcher matcher = SIZE.matcher(shmSize.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new Failure("--shm-size " + shmSize + ": give a number of bytes, such as 128m");
        }
        int power = matcher.group(2).isEmpty() ? 0 : "kmgtp".indexOf(matcher.group(2)) + 1;
        return (long) (Double.parseDouble(matcher.group(1)) * Math.pow(1024, power));
    }

    private static ResourceLimit limit(String given) {
        Matcher matcher = LIMIT.matcher(given);
        if (!matcher.matches()) {
            throw new Failure("--ulimit " + given + ": give name=soft:hard, such as nofile=1024:2048");
        }
        long soft = Long.parseLong(matcher.group(2));
        long hard = matcher.group(3) == null ? soft : Long.parseLong(matcher.group(3));
        if (hard >= 0 && (soft < 0 || soft > hard)) {
            throw new Failure("--ulimit " + given + ": the soft limit is above the hard one");
        }
        return ResourceLimit.newBuilder()
                .setName(matcher.group(1))
                .setSoft(soft)
                .setHard(hard)
                .build();
    }
}
