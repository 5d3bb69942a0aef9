package dev.wherry.daemon.api.grpc.builds;

import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import dev.wherry.daemon.runtime.spec.Ulimits;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** What messages say of the processes of RUN, in the daemon's own terms. */
final class RunMessages {

    private RunMessages() {}

    static RunOptions options(dev.wherry.v1.BuildOptions options) {
        return new RunOptions(
                RunNetwork.parse(options.getNetwork()),
                options.getAddHostsList().stream().map(ExtraHost::parse).toList(),
                options.getShmBytes() > 0 ? OptionalLong.of(options.getShmBytes()) : OptionalLong.empty(),
                limits(options),
                Set.copyOf(options.getAllowList()),
                options.getShellOnFailure());
    }

    private static List<Limit> limits(dev.wherry.v1.BuildOptions options) {
        List<Limit> limits = options.getLimitsList().stream()
                .map(limit -> new Limit(limit.getName(), limit.getSoft(), limit.getHard()))
                .toList();
        Ulimits.check(limits);
        return limits;
    }
}
