package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.NameResolution;
import dev.wherry.daemon.container.config.PortBinding;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.security.SystemPaths;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was asked for of a container's place on its host, by docker's names and in docker's units. */
final class HostConfigJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final long SHARED_MEMORY = 64 << 20;

    private HostConfigJson() {}

    /** @param runtime name of the OCI runtime of containers that ask for none */
    static ObjectNode json(ContainerConfig request, String runtime) {
        ObjectNode host = JSON.objectNode();
        host.set("Binds", MountsJson.binds(request.mounts()));
        host.put("ContainerIDFile", "");
        ObjectNode log = host.putObject("LogConfig").put("Type", request.log().driver());
        log.set("Config", map(request.log().options()));
        host.put("NetworkMode", request.network());
        host.set("PortBindings", bindings(request.networking().ports()));
        host.putObject("RestartPolicy")
                .put("Name", request.restart().name().toString())
                .put("MaximumRetryCount", request.restart().maximumRetries());
        host.put("AutoRemove", request.autoRemove());
        host.put("VolumeDriver", request.volumes().driver());
        host.set("VolumesFrom", orNull(request.volumes().containers()));
        host.putArray("ConsoleSize")
                .add(request.console().rows())
                .add(request.console().columns());
        if (!request.annotations().isEmpty()) {
            host.set("Annotations", map(request.annotations()));
        }
        names(host, request);
        isolation(host, request.isolation());
        host.put("ShmSize", request.shmBytes() == 0 ? SHARED_MEMORY : request.shmBytes());
        host.put("Runtime", request.runtime().isEmpty() ? runtime : request.runtime());
        host.put("Isolation", request.isolation().technology());
        if (request.init()) {
            host.put("Init", true);
        }
        MountsJson.described(request.mounts(), host);
        resources(host, request.resources());
        return host;
    }

    private static ObjectNode bindings(List<PortBinding> ports) {
        ObjectNode bindings = JSON.objectNode();
        for (PortBinding port : ports) {
            ArrayNode list =
                    bindings.get(port.port()) instanceof ArrayNode present ? present : bindings.putArray(port.port());
            String range = port.hostPortEnd() > port.hostPort() ? "-" + port.hostPortEnd() : "";
            list.addObject()
                    .put("HostIp", port.hostIp())
                    .put("HostPort", port.hostPort() == 0 ? "" : port.hostPort() + range);
        }
        return bindings;
    }

    private static void names(ObjectNode host, ContainerConfig request) {
        NameResolution names = request.names();
        host.set("Dns", array(names.servers()));
        host.set("DnsOptions", array(names.options()));
        host.set("DnsSearch", array(names.search()));
        host.set("ExtraHosts", orNull(names.hosts()));
        host.put("PublishAllPorts", request.networking().publishAll());
    }

    private static void isolation(ObjectNode host, Isolation isolation) {
        host.set("CapAdd", orNull(isolation.capAdd()));
        host.set("CapDrop", orNull(isolation.capDrop()));
        host.put("CgroupnsMode", isolation.cgroupNamespace().isEmpty() ? "private" : isolation.cgroupNamespace());
        host.set("GroupAdd", orNull(isolation.groups()));
        host.put("IpcMode", isolation.ipc().isEmpty() ? "private" : isolation.ipc());
        host.put("Cgroup", "");
        host.put("PidMode", isolation.pid());
        host.put("Privileged", isolation.privileged());
        host.put("ReadonlyRootfs", isolation.readOnly());
        host.set("SecurityOpt", orNull(isolation.securityOptions()));
        host.put("UTSMode", isolation.uts());
        host.put("UsernsMode", isolation.userNamespace());
        if (!isolation.sysctls().isEmpty()) {
            host.set("Sysctls", map(isolation.sysctls()));
        }
        ArrayNode devices = host.putArray("Devices");
        isolation
                .devices()
                .forEach(device -> devices.addObject()
                        .put("PathOnHost", device.hostPath())
                        .put("PathInContainer", device.containerPath())
                        .put("CgroupPermissions", device.permissions().isEmpty() ? "rwm" : device.permissions()));
        host.set("DeviceCgroupRules", orNull(isolation.deviceRules()));
        host.putNull("DeviceRequests");
        host.set("Ulimits", ulimits(isolation.limits()));
        SystemPaths paths = SystemPaths.of(isolation, isolation.privileged());
        host.set("MaskedPaths", paths.masked() == null ? JSON.nullNode() : array(paths.masked()));
        host.set("ReadonlyPaths", paths.readOnly() == null ? JSON.nullNode() : array(paths.readOnly()));
    }

    private static JsonNode ulimits(List<Limit> limits) {
        if (limits.isEmpty()) {
            return JSON.nullNode();
        }
        ArrayNode list = JSON.arrayNode();
        limits.forEach(limit -> list.addObject()
                .put("Name", limit.name())
                .put("Hard", limit.hard())
                .put("Soft", limit.soft()));
        return list;
    }

    private static void resources(ObjectNode host, Resources resources) {
        host.put("CpuShares", resources.cpuShares());
        host.put("Memory", resources.memory());
        host.put("NanoCpus", resources.nanoCpus());
        host.put("CgroupParent", resources.cgroupParent());
        host.put("BlkioWeight", resources.blkioWeight());
        host.putArray("BlkioWeightDevice");
        host.set("BlkioDeviceReadBps", rates(resources.readBytes()));
        host.set("BlkioDeviceWriteBps", rates(resources.writeBytes()));
        host.set("BlkioDeviceReadIOps", rates(resources.readOperations()));
        host.set("BlkioDeviceWriteIOps", rates(resources.writeOperations()));
        host.put("CpuPeriod", resources.cpuPeriod());
        host.put("CpuQuota", resources.cpuQuota());
        host.put("CpuRealtimePeriod", 0);
        host.put("CpuRealtimeRuntime", 0);
        host.put("CpusetCpus", resources.cpusetCpus());
        host.put("CpusetMems", resources.cpusetMems());
        host.put("KernelMemory", 0);
        host.put("MemoryReservation", resources.memoryReservation());
        host.put("MemorySwap", swap(resources));
        if (resources.memorySwappiness() < 0) {
            host.putNull("MemorySwappiness");
        } else {
            host.put("MemorySwappiness", resources.memorySwappiness());
        }
        host.put("OomKillDisable", resources.oomKillDisable());
        host.put("OomScoreAdj", resources.oomScoreAdj());
        if (resources.pidsLimit() == 0) {
            host.putNull("PidsLimit");
        } else {
            host.put("PidsLimit", Math.max(resources.pidsLimit(), 0));
        }
        host.put("CpuCount", 0);
        host.put("CpuPercent", 0);
        host.put("IOMaximumIOps", 0);
        host.put("IOMaximumBandwidth", 0);
    }

    /** As docker does, memory that is limited alone gets the same again of swap. */
    private static long swap(Resources resources) {
        return resources.memorySwap() == 0 && resources.memory() > 0 ? 2 * resources.memory() : resources.memorySwap();
    }

    private static JsonNode rates(List<Resources.Rate> rates) {
        if (rates.isEmpty()) {
            return JSON.nullNode();
        }
        ArrayNode list = JSON.arrayNode();
        rates.forEach(rate -> list.addObject().put("Path", rate.path()).put("Rate", rate.rate()));
        return list;
    }

    static ObjectNode map(Map<String, String> entries) {
        ObjectNode map = JSON.objectNode();
        new TreeMap<>(entries).forEach(map::put);
        return map;
    }

    static ArrayNode array(List<String> words) {
        ArrayNode array = JSON.arrayNode();
        words.forEach(array::add);
        return array;
    }

    /** As docker has it, a list that is not given is null. */
    static JsonNode orNull(List<String> words) {
        return words.isEmpty() ? JSON.nullNode() : array(words);
    }
}
