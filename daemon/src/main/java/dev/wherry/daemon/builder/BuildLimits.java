package dev.wherry.daemon.builder;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.builder.cache.remote.CacheSource;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.builder.export.Output;
import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.error.ForbiddenException;
import dev.wherry.daemon.image.Reference;

/**
 * What the caller may ask of a build. A caller who does not own the host gets no entitlement, and may have to keep to
 * some repositories. Checked before the build begins, since its steps run for the daemon.
 */
final class BuildLimits {

    private BuildLimits() {}

    /** @throws ForbiddenException naming the first option that the caller may not use */
    static void check(BuildOptions options) {
        Caller caller = Caller.current();
        RunOptions run = options.run();
        run.allowed().forEach(entitlement -> caller.requireHost("the entitlement " + entitlement));
        if (run.network().equals(RunNetwork.HOST)) {
            caller.requireHost("the host's network namespace");
        }
        if (!run.network().network().isEmpty()) {
            // There it reaches the containers of others.
            caller.requireHost("a build on the network " + run.network());
        }
        for (CacheSource source : options.cache().from()) {
            if (source instanceof CacheSource.Registry registry) {
                caller.requireSource(registry.reference().name());
            }
        }
        if (caller.repositories().isEmpty()) {
            return;
        }
        options.output().tags().forEach(tag -> require(caller, Reference.parse(tag)));
        for (Output output : options.output().outputs()) {
            if (output instanceof Output.Image image) {
                image.names().forEach(name -> require(caller, name));
            }
        }
        for (CacheTarget target : options.cache().to()) {
            if (target.place() instanceof CacheTarget.Place.Registry registry) {
                require(caller, registry.reference());
            }
        }
    }

    private static void require(Caller caller, Reference reference) {
        caller.requireRepository(reference.name());
    }
}
