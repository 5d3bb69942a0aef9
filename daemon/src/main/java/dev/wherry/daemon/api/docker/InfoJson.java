package dev.wherry.daemon.api.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.EngineVersion;
import dev.wherry.daemon.api.server.TcpListeners;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.host.HostTools;
import dev.wherry.daemon.host.Machine;
import dev.wherry.daemon.linux.Processes;
import dev.wherry.daemon.metadata.Census;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.network.NetworkDriver;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RegistrySettings;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import dev.wherry.daemon.runtime.security.DefaultConfinement;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.UUID;

/** The daemon and its host as docker's {@code info} has them. */
@Singleton
final class InfoJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final HostTools tools;
    private final Layout layout;
    private final Database database;
    private final Registries registries;
    private final RuntimeSettings runtimes;
    private final OciRuntime runtime;
    private final LogConfig logs;
    private final TcpListeners listeners;

    InfoJson(
            HostTools tools,
            Layout layout,
            Database database,
            Registries registries,
            RuntimeSettings runtimes,
            OciRuntime runtime,
            LogConfig logs,
            TcpListeners listeners) {
        this.tools = tools;
        this.layout = layout;
        this.database = database;
        this.registries = registries;
        this.runtimes = runtimes;
        this.runtime = runtime;
        this.logs = logs;
        this.listeners = listeners;
    }

    ObjectNode json() {
        Machine machine = Machine.read();
        ObjectNode json = JSON.objectNode();
        // The same for the same root, and for no other.
        json.put(
                "ID",
                UUID.nameUUIDFromBytes((machine.hostname() + ":" + layout.root()).getBytes())
                        .toString());
        counts(json);
        json.put("Driver", "overlay2");
        json.putArray("DriverStatus").addArray().add("Backing Filesystem").add("overlay");
        plugins(json.putObject("Plugins"));
        for (String able : new String[] {
            "MemoryLimit",
            "SwapLimit",
            "CpuCfsPeriod",
            "CpuCfsQuota",
            "CPUShares",
            "CPUSet",
            "PidsLimit",
            "IPv4Forwarding",
            "OomKillDisable"
        }) {
            json.put(able, true);
        }
        json.put("Debug", false)
                .put("NFd", Processes.openFiles())
                .put("NGoroutines", Processes.threads())
                .put("NEventsListener", 0);
        json.put("SystemTime", Instant.now().toString());
        json.put("LoggingDriver", logs.driver());
        json.put("CgroupDriver", runtimes.cgroups().name().toLowerCase(Locale.ROOT));
        json.put("CgroupVersion", machine.cgroupVersion());
        json.put("KernelVersion", machine.kernel());
        json.put("OperatingSystem", machine.operatingSystem());
        json.put("OSVersion", "");
        json.put("OSType", "linux");
        json.put("Architecture", System.getProperty("os.arch").replace("amd64", "x86_64"));
        json.put("IndexServerAddress", "https://index.docker.io/v1/");
        registries(json.putObject("RegistryConfig"));
        json.put("NCPU", machine.cpus());
        json.put("MemTotal", machine.memoryBytes());
        json.putNull("GenericResources");
        json.put("DockerRootDir", layout.root().toString());
        json.put("HttpProxy", "").put("HttpsProxy", "").put("NoProxy", "");
        json.put("Name", machine.hostname());
        json.putArray("Labels");
        json.put("ExperimentalBuild", false);
        json.put("ServerVersion", EngineVersion.NUMBER);
        ObjectNode programs = json.putObject("Runtimes");
        runtimes.names().forEach(name -> programs.putObject(name).put("path", name));
        json.put("DefaultRuntime", runtime.standard().name());
        json.putObject("Swarm")
                .put("NodeID", "")
                .put("NodeAddr", "")
                .put("LocalNodeState", "inactive")
                .put("ControlAvailable", false)
                .put("Error", "")
                .putNull("RemoteManagers");
        json.put("LiveRestoreEnabled", true);
        json.put("Isolation", "");
        json.put("InitBinary", "tini");
        json.putObject("ContainerdCommit").put("ID", "");
        json.putObject("RuncCommit").put("ID", runtime.standard().name());
        json.putObject("InitCommit").put("ID", "");
        ArrayNode security = json.putArray("SecurityOptions");
        DefaultConfinement.options().forEach(option -> security.add("name=" + option));
        warnings(json);
        return json;
    }

    private void counts(ObjectNode json) {
        Census census = Census.take(database);
        json.put("Containers", census.containers())
                .put("ContainersRunning", census.running())
                .put("ContainersPaused", census.paused())
                .put("ContainersStopped", census.stopped())
                .put("Images", census.images());
    }

    private static void plugins(ObjectNode plugins) {
        plugins.putArray("Volume").add("local");
        ArrayNode networks = plugins.putArray("Network");
        Arrays.stream(NetworkDriver.values()).map(NetworkDriver::toString).forEach(networks::add);
        plugins.putNull("Authorization");
        ArrayNode drivers = plugins.putArray("Log");
        LogOptions.Driver.titles().forEach(drivers::add);
    }

    private void registries(ObjectNode json) {
        RegistrySettings settings = registries.settings();
        ArrayNode ranges = json.putArray("InsecureRegistryCIDRs");
        ranges.add("::1/128").add("127.0.0.0/8");
        ObjectNode indexes = json.putObject("IndexConfigs");
        ObjectNode hub = indexes.putObject("docker.io").put("Name", "docker.io");
        ArrayNode mirrors = hub.putArray("Mirrors");
        settings.mirrors().stream()
                .filter(mirror -> mirror.of().equals("docker.io"))
                .forEach(mirror -> mirrors.add(mirror.at()));
        hub.put("Secure", true).put("Official", true);
        settings.insecure().stream().sorted().forEach(host -> {
            ObjectNode index = indexes.putObject(host).put("Name", host);
            index.putArray("Mirrors");
            index.put("Secure", false).put("Official", false);
        });
        json.set("Mirrors", mirrors.deepCopy());
    }

    private void warnings(ObjectNode json) {
        ArrayNode warnings = json.putArray("Warnings");
        listeners.warnings().forEach(warnings::add);
        tools.remedies().forEach(warnings::add);
        if (warnings.isEmpty()) {
            json.putNull("Warnings");
        }
    }
}
