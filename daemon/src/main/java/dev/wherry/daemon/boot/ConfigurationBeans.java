package dev.wherry.daemon.boot;

import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.AuditSettings;
import dev.wherry.daemon.builder.context.ContextLimits;
import dev.wherry.daemon.builder.source.FetchLimits;
import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.config.Configuration;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.host.systemd.SystemdBus;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.AddressPools;
import dev.wherry.daemon.network.cni.CniSettings;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.runtime.RuntimeTrial;
import dev.wherry.daemon.runtime.cgroup.Cgroups;
import dev.wherry.daemon.runtime.conmon.ConmonScopes;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * The configuration as beans: each package gets the values that concern it, as a type of its own. They are made once,
 * from the {@link Configuration} that the command line, the environment and the file gave; a reload changes those that
 * can change through the beans that use them ({@link Reload}).
 */
final class ConfigurationBeans {

    @Produces
    @Singleton
    Layout layout(Configuration configuration) {
        return Startup.layout(configuration);
    }

    @Produces
    @Singleton
    ConmonScopes conmonScopes(Layout layout, RuntimeSettings runtimes) {
        return new ConmonScopes(SystemdBus.find(), new Cgroups(layout, runtimes.cgroups())::supervisorScope);
    }

    @Produces
    @Singleton
    FetchLimits fetchLimits(Configuration configuration) {
        return FetchLimits.of(configuration.fetchLimit());
    }

    @Produces
    @Singleton
    ContextLimits contextLimits(Configuration configuration) {
        return configuration.contextLimits();
    }

    @Produces
    @Singleton
    RegistrySettings registries(Configuration configuration) {
        return configuration.registries();
    }

    @Produces
    @Singleton
    AccessSettings access(Configuration configuration) {
        return configuration.access();
    }

    @Produces
    @Singleton
    AuditSettings audit(Configuration configuration) {
        return configuration.audit();
    }

    @Produces
    @Singleton
    AddressPools addressPools(Configuration configuration) {
        return configuration.addressPools();
    }

    @Produces
    @Singleton
    CniSettings cni(Configuration configuration) {
        return configuration.cni();
    }

    @Produces
    @Singleton
    LogConfig logs(Configuration configuration) {
        return configuration.logs();
    }

    @Produces
    @Singleton
    RuntimeSettings runtimes(Configuration configuration) {
        return new RuntimeSettings(
                configuration.text(ConfigKey.RUNTIME), configuration.runtimes(), configuration.cgroupDriver());
    }

    @Produces
    @Singleton
    OciRuntime runtime(Layout layout, RuntimeSettings settings) {
        return new OciRuntime(settings, new RuntimeTrial(layout, settings)::failure);
    }
}
