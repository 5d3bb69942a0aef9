package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What messages say of the processes of RUN, in the daemon's own terms. */
final class RunMessages {

    private static final String HOST_GATEWAY = "host-gateway";

    private RunMessages() {}

    static RunOptions options(dev.wherry.v1.BuildOptions options) {
        return new RunOptions(
                network(options.getNetwork()) == NetworkMode.HOST,
                options.getAddHostsList().stream().map(RunMessages::hostLine).toList(),
                options.getShmBytes() > 0 ? OptionalLong.of(options.getShmBytes()) : OptionalLong.empty(),
                limits(options),
                Set.copyOf(options.getAllowList()));
    }

    private static NetworkMode network(String name) {
        return name.isEmpty() || name.equals("default") ? NetworkMode.HOST : NetworkMode.parse(name);
    }

    private static List<Limit> limits(dev.wherry.v1.BuildOptions options) {
        return options.getLimitsList().stream()
                .map(limit -> {
                    if (!Limit.NAMES.contains(limit.getName())) {
                        throw new InvalidInputException("there is no resource limit \"" + limit.getName() + "\"");
                    }
                    return new Limit(limit.getName(), limit.getSoft(), limit.getHard());
                })
                .toList();
    }

    /** The host of a step on the host's network is itself. */
    private static String hostLine(String entry) {
        int colon = entry.indexOf(':');
        if (colon <= 0 || entry.chars().anyMatch(c -> c <= ' ')) {
            throw new InvalidInputException("--add-host takes name:address, not \"" + entry + "\"");
        }
        String address = entry.substring(colon + 1);
        return (address.equals(HOST_GATEWAY) ? "127.0.0.1" : address) + "\t" + entry.substring(0, colon);
    }
}
