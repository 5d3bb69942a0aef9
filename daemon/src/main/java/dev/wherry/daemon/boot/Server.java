package dev.wherry.daemon.boot;

import dev.wherry.daemon.access.Quotas;
import dev.wherry.daemon.api.auth.AccessGate;
import dev.wherry.daemon.api.docker.http.DockerServer;
import dev.wherry.daemon.api.metrics.MetricsServer;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.ServiceHealth;
import dev.wherry.daemon.api.server.TcpListeners;
import dev.wherry.daemon.builder.Housekeeping;
import dev.wherry.daemon.builder.NamespaceUse;
import dev.wherry.daemon.config.ConfigKey;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.host.systemd.SystemdBus;
import dev.wherry.daemon.linux.IgnoredSignals;
import dev.wherry.daemon.linux.SystemCallException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.namespace.FirstDaemon;
import dev.wherry.daemon.namespace.NamespaceDaemons;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.trace.OtlpExport;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sun.misc.Signal;

/**
 * The running daemon: opens its doors when everything has started, and closes them when it is told to end. SIGHUP renews
 * its configuration ({@link Reload}), SIGTERM and SIGINT end it ({@link Drain}).
 */
@Singleton
public final class Server implements QuarkusApplication {

    private final Registries registries;
    private final CallRunner calls;
    private final ServiceHealth health;
    private final Housekeeping housekeeping;
    private final Containers containers;
    private final Lifecycle lifecycle;
    private final MetricsServer metrics;
    private final TcpListeners listeners;
    private final AccessGate gate;
    private final Quotas quotas;
    private final NamespaceDaemons namespaces;
    private final NamespaceUse disk;
    private final DockerServer dockerApi;

    Server(
            Registries registries,
            CallRunner calls,
            ServiceHealth health,
            Housekeeping housekeeping,
            Containers containers,
            Lifecycle lifecycle,
            MetricsServer metrics,
            TcpListeners listeners,
            AccessGate gate,
            Quotas quotas,
            NamespaceDaemons namespaces,
            NamespaceUse disk,
            DockerServer dockerApi) {
        this.dockerApi = dockerApi;
        this.disk = disk;
        this.namespaces = namespaces;
        this.quotas = quotas;
        this.gate = gate;
        this.listeners = listeners;
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.metrics = metrics;
        this.registries = registries;
        this.housekeeping = housekeeping;
        this.calls = calls;
        this.health = health;
    }

    /** Starts the server; returns when it ends. */
    static void serve() {
        Quarkus.run(Server.class, (exitCode, failure) -> {
            if (failure != null) {
                exitCode = Main.complain(failure);
            }
            System.exit(exitCode);
        });
    }

    @Override
    public int run(String... arguments) throws SystemCallException {
        Startup start = Startup.current();
        Systemd systemd = new Systemd(System.getenv(), Startup.link());
        Reload reload = new Reload(
                start.sources(), start.configuration(), registries, housekeeping, listeners, gate, quotas, disk);
        HostShutdown shutdown = new HostShutdown(SystemdBus.find(), containers, lifecycle);
        Drain drain =
                new Drain(calls, health, systemd, () -> reload.configuration().shutdownGrace(), shutdown, namespaces);
        IgnoredSignals.restore(IgnoredSignals.SIGHUP, IgnoredSignals.SIGINT, IgnoredSignals.SIGTERM);
        Signal.handle(new Signal("HUP"), signal -> {
            systemd.reloading();
            reload.run();
            namespaces.reload();
            systemd.ready();
        });
        Signal.handle(new Signal("TERM"), signal -> drain.run());
        Signal.handle(new Signal("INT"), signal -> drain.run());
        String metricsAddress = start.configuration().text(ConfigKey.METRICS_ADDRESS);
        if (!metricsAddress.isEmpty()) {
            metrics.start(
                    Startup.link().isEmpty()
                            ? metricsAddress
                            : "unix://" + Startup.layout(start.configuration()).metricsSocket());
        }
        Optional<OtlpExport> traces = Optional.of(start.configuration().text(ConfigKey.TRACES_ENDPOINT))
                .filter(endpoint -> !endpoint.isEmpty())
                .map(OtlpExport::new);
        openRelays(start);
        List<String> addresses = listeners.open(Startup.tcp(start.configuration()));
        List<String> dockerAddresses = dockerApi.listen(listeners, Startup.dockerTcp(start.configuration()));
        ControlSocket socket = start.socket();
        start.dockerSocket().ifPresent(docker -> {
            dockerApi.listen(docker.open());
            docker.publish();
        });
        start.criSocket().ifPresent(cri -> {
            listeners.openCri(cri.open());
            cri.publish();
        });
        socket.publish();
        double seconds = (System.nanoTime() - start.startedNanos()) / 1e9;
        DaemonLog.say(String.format(Locale.ROOT, "listening on unix://%s (%.1f s)", socket.path(), seconds));
        addresses.forEach(address -> DaemonLog.say("listening on " + address));
        dockerAddresses.forEach(address -> DaemonLog.say("listening on " + address + " for Docker's API"));
        systemd.ready();
        Startup.link().ifPresent(FirstDaemon::ready);
        namespaces.startWanted();
        Quarkus.waitForExit();
        traces.ifPresent(OtlpExport::close);
        socket.remove();
        if (Startup.link().isPresent() && containers.list().stream().noneMatch(Server::needsDaemon)) {
            DaemonFolders.mark(Startup.layout(start.configuration()).idleMark());
        }
        start.dockerSocket().ifPresent(ControlSocket::remove);
        start.criSocket().ifPresent(ControlSocket::remove);
        return 0;
    }

    /** A client that asks Docker's API for an upgrade goes on at the relay, and one by TCP at that of Docker's API. */
    private void openRelays(Startup start) {
        Layout layout = Startup.layout(start.configuration());
        boolean ofNamespace = Startup.link().isPresent();
        boolean dockerByTcp = !start.configuration().dockerListen().isEmpty();
        if (ofNamespace || dockerByTcp || start.dockerSocket().isPresent()) {
            listeners.openRelay(layout.relaySocket());
        }
        if (ofNamespace || dockerByTcp) {
            dockerApi.listenToRelay(layout.dockerRelaySocket());
        }
    }

    /** Whether a daemon must run although nobody calls it. */
    private static boolean needsDaemon(Container container) {
        return container.state().isAlive()
                || container.settings().request().restart().name() != RestartPolicy.Name.NO;
    }
}
