package dev.wherry.daemon.boot;

import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.builder.cache.CacheMounts;
import dev.wherry.daemon.builder.source.StagingFolders;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.container.health.HealthChecks;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.log.LogRotation;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.lifecycle.NetworkLifecycle;
import dev.wherry.daemon.pod.Pods;
import dev.wherry.daemon.runtime.StepRunner;
import dev.wherry.daemon.runtime.conmon.ConmonScopes;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.security.AppArmor;
import dev.wherry.daemon.snapshot.Snapshotter;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/**
 * Puts the stores in order after whatever ended the last daemon. Runs before the socket answers; each store repairs
 * what it owns, those first that others build on. Mounts of containers are left to the containers, some of which may
 * run.
 */
@Singleton
final class StoreRecovery {

    private static final Logger LOG = Logger.getLogger(StoreRecovery.class);

    private final StepRunner steps;
    private final OciRuntime runtime;
    private final Snapshotter snapshotter;
    private final Lifecycle lifecycle;
    private final Pods pods;
    private final NetworkLifecycle networks;
    private final Execs execs;
    private final HealthChecks healthChecks;
    private final ContentStore content;
    private final CacheMounts cacheMounts;
    private final StagingFolders staging;
    private final LogRotation logs;
    private final ConmonScopes scopes;
    private final Layout layout;

    StoreRecovery(
            StepRunner steps,
            OciRuntime runtime,
            Snapshotter snapshotter,
            Lifecycle lifecycle,
            Pods pods,
            NetworkLifecycle networks,
            Execs execs,
            HealthChecks healthChecks,
            ContentStore content,
            CacheMounts cacheMounts,
            StagingFolders staging,
            LogRotation logs,
            ConmonScopes scopes,
            Layout layout) {
        this.steps = steps;
        this.runtime = runtime;
        this.snapshotter = snapshotter;
        this.lifecycle = lifecycle;
        this.pods = pods;
        this.networks = networks;
        this.execs = execs;
        this.healthChecks = healthChecks;
        this.content = content;
        this.cacheMounts = cacheMounts;
        this.staging = staging;
        this.logs = logs;
        this.scopes = scopes;
        this.layout = layout;
    }

    void recover(@Observes StartupEvent start) {
        // What still runs writes, and a folder that is being written cannot be removed.
        steps.recover();
        loadProfile();
        snapshotter.recover(lifecycle::isMounted);
        networks.beginRecovery();
        lifecycle.recover(pods.recover(), networks::recover);
        scopes.moveLeftOver(layout.runRoot());
        execs.recover();
        healthChecks.begin();
        logs.start();
        content.recover();
        cacheMounts.recover();
        staging.recover();
        snapshotter.collectInBackground();
        // So that the first container need not wait for the choice.
        Background.start("runtime-choice", runtime::standard);
    }

    /** Without it, containers run all the same, as they do on hosts without AppArmor. */
    private void loadProfile() {
        try {
            AppArmor.host().loadDefault(layout.runRoot().resolve(AppArmor.DEFAULT));
        } catch (HostException failure) {
            LOG.warn(failure.getMessage());
        }
    }

    void end(@Observes ShutdownEvent stop) {
        healthChecks.close();
        execs.close();
        logs.close();
        lifecycle.close();
        networks.close();
        scopes.close();
    }
}
