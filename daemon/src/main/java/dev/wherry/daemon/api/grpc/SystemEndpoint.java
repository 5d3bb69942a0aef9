package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.Version;
import dev.wherry.daemon.access.AccessSettings;
import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.access.NamespaceName;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.TcpListeners;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.host.HostTool;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.host.Machine;
import dev.wherry.daemon.metadata.Census;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.runtime.runc.DefaultRuntime;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import dev.wherry.daemon.runtime.security.DefaultConfinement;
import dev.wherry.v1.DiskUsageRequest;
import dev.wherry.v1.DiskUsageResponse;
import dev.wherry.v1.Event;
import dev.wherry.v1.EventsRequest;
import dev.wherry.v1.InfoRequest;
import dev.wherry.v1.InfoResponse;
import dev.wherry.v1.SystemService;
import dev.wherry.v1.VersionRequest;
import dev.wherry.v1.VersionResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.nio.file.Path;
import java.util.Locale;

/** The daemon's account of itself. */
@GrpcService
final class SystemEndpoint implements SystemService {

    private final CallRunner calls;
    private final HostTools tools;
    private final Layout layout;
    private final Database database;
    private final Registries registries;
    private final EventCalls events;
    private final RuntimeSettings runtimes;
    private final OciRuntime runtime;
    private final LogConfig logs;
    private final AccessSettings access;
    private final DiskUsageCalls diskUsage;
    private final TcpListeners listeners;

    SystemEndpoint(
            CallRunner calls,
            HostTools tools,
            Layout layout,
            Database database,
            Registries registries,
            EventCalls events,
            RuntimeSettings runtimes,
            OciRuntime runtime,
            LogConfig logs,
            DiskUsageCalls diskUsage,
            TcpListeners listeners,
            AccessSettings access) {
        this.access = access;
        this.listeners = listeners;
        this.calls = calls;
        this.tools = tools;
        this.layout = layout;
        this.database = database;
        this.registries = registries;
        this.events = events;
        this.runtimes = runtimes;
        this.runtime = runtime;
        this.logs = logs;
        this.diskUsage = diskUsage;
    }

    @Override
    public Uni<VersionResponse> version(VersionRequest request) {
        return calls.on(() -> version(Machine.read()));
    }

    @Override
    public Uni<InfoResponse> info(InfoRequest request) {
        return calls.on(this::info);
    }

    @Override
    public Multi<Event> events(EventsRequest request) {
        return events.events(request);
    }

    @Override
    public Uni<DiskUsageResponse> diskUsage(DiskUsageRequest request) {
        return calls.on(() -> diskUsage.diskUsage(request));
    }

    private VersionResponse version(Machine machine) {
        return VersionResponse.newBuilder()
                .setVersion(Version.NUMBER)
                .setCommit(Version.COMMIT)
                .setMode(System.getProperty("org.graalvm.nativeimage.imagecode") == null ? "jvm" : "native")
                .setApiVersion("wherry.v1")
                .setOs("linux")
                .setArch(machine.architecture())
                .setKernel(machine.kernel())
                .setJava(Runtime.version().toString())
                .addAllTools(tools.all().stream().map(SystemEndpoint::message).toList())
                .build();
    }

    private InfoResponse info() {
        Machine machine = Machine.read();
        DefaultRuntime standard = runtime.standard();
        Census census = Census.take(database);
        return InfoResponse.newBuilder()
                .setVersion(version(machine))
                .setRoot(layout.root().toString())
                .setRunRoot(layout.runRoot().toString())
                .setContainers(census.containers())
                .setContainersRunning(census.running())
                .setContainersPaused(census.paused())
                .setContainersStopped(census.stopped())
                .setImages(census.images())
                .setStorageDriver("overlay")
                .setCgroupVersion(machine.cgroupVersion())
                .setCgroupDriver(runtimes.cgroups().name().toLowerCase(Locale.ROOT))
                .addAllSecurityOptions(DefaultConfinement.options())
                .addAllRuntimes(runtimes.names())
                .setLoggingDriver(logs.driver())
                .setRuntime(standard.name())
                .setRuntimeReason(standard.reason())
                .setDefaultRegistry(registries.settings().defaultRegistry())
                .addAllRegistryMirrors(registries.settings().mirrors().stream()
                        .map(mirror -> mirror.of() + "=" + mirror.at())
                        .toList())
                .addAllInsecureRegistries(
                        registries.settings().insecure().stream().sorted().toList())
                .addAllBlockedRegistries(
                        registries.settings().blocked().stream().sorted().toList())
                .setNamespace(access.namespace().map(NamespaceName::text).orElse(""))
                .setNamespaceDiskBytes(DiskRoom.most())
                .setHostname(machine.hostname())
                .setCpus(machine.cpus())
                .setMemoryBytes(machine.memoryBytes())
                .setOperatingSystem(machine.operatingSystem())
                .addAllWarnings(listeners.warnings())
                .addAllWarnings(tools.remedies())
                .build();
    }

    private static dev.wherry.v1.HostTool message(HostTool tool) {
        return dev.wherry.v1.HostTool.newBuilder()
                .setName(tool.name())
                .setPath(tool.path().map(Path::toString).orElse(""))
                .setVersion(tool.version())
                .setRemedy(tool.remedy())
                .build();
    }
}
