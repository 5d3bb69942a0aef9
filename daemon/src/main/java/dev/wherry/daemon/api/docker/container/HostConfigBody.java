package dev.wherry.daemon.api.docker.container;

import dev.wherry.daemon.api.docker.http.ApiVersion;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.container.config.RestartPolicy;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.daemon.runtime.spec.Isolation;
import dev.wherry.daemon.runtime.spec.ProcessAdditions.Limit;
import java.util.Arrays;
import java.util.List;

/** How a container is kept in, how much it may use, and when it is started again. */
final class HostConfigBody {

    private HostConfigBody() {}

    static RestartPolicy restart(JsonBody policy) {
        String given = policy.text("Name");
        RestartPolicy.Name name = Arrays.stream(RestartPolicy.Name.values())
                .filter(known -> known.toString().equals(given.isEmpty() ? "no" : given))
                .findFirst()
                .orElseThrow(() -> new InvalidInputException("invalid restart policy: unknown policy '" + given
                        + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'"));
        int retries = policy.integer("MaximumRetryCount");
        if (retries < 0 || retries > 0 && name != RestartPolicy.Name.ON_FAILURE) {
            throw new InvalidInputException("invalid restart policy: maximum retry count "
                    + (retries < 0 ? "cannot be negative" : "can only be used with 'on-failure'"));
        }
        return new RestartPolicy(name, retries);
    }

    static Isolation isolation(JsonBody host) {
        return new Isolation(
                        host.flag("Privileged"),
                        host.flag("ReadonlyRootfs"),
                        host.texts("CapAdd"),
                        host.texts("CapDrop"),
                        host.texts("SecurityOpt"),
                        host.text("PidMode"),
                        host.text("IpcMode"),
                        host.text("UTSMode"),
                        host.text("CgroupnsMode"),
                        host.text("UsernsMode"),
                        host.map("Sysctls"),
                        host.texts("GroupAdd"),
                        host.objects("Devices").stream()
                                .map(device -> new Isolation.Device(
                                        device.text("PathOnHost"),
                                        device.text("PathInContainer"),
                                        device.text("CgroupPermissions")))
                                .toList(),
                        host.texts("DeviceCgroupRules"),
                        host.objects("Ulimits").stream()
                                .map(limit -> new Limit(limit.text("Name"), limit.number("Soft"), limit.number("Hard")))
                                .toList(),
                        Isolation.OfPod.NOTHING,
                        technology(host.text("Isolation")))
                .hiding(paths(host, "MaskedPaths"), paths(host, "ReadonlyPaths"));
    }

    /** None at all is something else than the usual ones. */
    private static List<String> paths(JsonBody host, String name) {
        return host.has(name) ? host.texts(name) : null;
    }

    private static String technology(String name) {
        if (!name.isEmpty() && !name.equals("default")) {
            throw new InvalidInputException("invalid isolation: \"" + name + "\": Linux supports \"default\" only")
                    .in("HostConfig.Isolation");
        }
        return name;
    }

    /** Of a container that is made; as docker has it, 0 and all below is no limit of processes. */
    static Resources resources(JsonBody host) {
        return resources(host, Math.max(host.number("PidsLimit"), 0));
    }

    /** Changes of a container's limits, where nothing given is no change; clients before 1.40 cannot limit processes. */
    static Resources changes(JsonBody body, ApiVersion version) {
        if (version.isBefore(40) || !body.has("PidsLimit")) {
            return resources(body, 0);
        }
        long limit = body.number("PidsLimit");
        return resources(body, limit <= 0 ? Resources.UNLIMITED : limit);
    }

    private static Resources resources(JsonBody host, long pidsLimit) {
        return new Resources(
                host.number("Memory"),
                host.number("MemoryReservation"),
                host.number("MemorySwap"),
                (int) host.optionalNumber("MemorySwappiness").orElse(-1),
                host.number("NanoCpus"),
                host.number("CpuShares"),
                host.number("CpuPeriod"),
                host.number("CpuQuota"),
                host.text("CpusetCpus"),
                host.text("CpusetMems"),
                pidsLimit,
                host.integer("BlkioWeight"),
                host.integer("OomScoreAdj"),
                host.flag("OomKillDisable"),
                host.text("CgroupParent"),
                rates(host, "BlkioDeviceReadBps"),
                rates(host, "BlkioDeviceWriteBps"),
                rates(host, "BlkioDeviceReadIOps"),
                rates(host, "BlkioDeviceWriteIOps"));
    }

    private static List<Resources.Rate> rates(JsonBody host, String name) {
        return host.objects(name).stream()
                .map(rate -> new Resources.Rate(rate.text("Path"), rate.number("Rate")))
                .toList();
    }
}
