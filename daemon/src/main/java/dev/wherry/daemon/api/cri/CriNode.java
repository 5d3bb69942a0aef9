package dev.wherry.daemon.api.cri;

import dev.wherry.cri.v1.CgroupDriver;
import dev.wherry.cri.v1.LinuxRuntimeConfiguration;
import dev.wherry.cri.v1.RuntimeCondition;
import dev.wherry.cri.v1.RuntimeConfigResponse;
import dev.wherry.cri.v1.RuntimeFeatures;
import dev.wherry.cri.v1.RuntimeHandler;
import dev.wherry.cri.v1.RuntimeHandlerFeatures;
import dev.wherry.cri.v1.RuntimeStatus;
import dev.wherry.cri.v1.StatusResponse;
import dev.wherry.cri.v1.VersionResponse;
import dev.wherry.daemon.Version;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.pod.Pods;
import dev.wherry.daemon.runtime.conmon.Conmon;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import dev.wherry.daemon.runtime.runc.RuntimeSettings;
import dev.wherry.daemon.runtime.spec.KernelVersion;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** What a kubelet asks about the node. */
@Singleton
final class CriNode {

    /** Kubelet refuses any other. */
    private static final String KUBELETS = "0.1.0";

    private static final String API = "v1";

    private final OciRuntime runtime;
    private final RuntimeSettings settings;
    private final Conmon conmon;
    private final Pods pods;

    CriNode(OciRuntime runtime, RuntimeSettings settings, Conmon conmon, Pods pods) {
        this.runtime = runtime;
        this.settings = settings;
        this.conmon = conmon;
        this.pods = pods;
    }

    VersionResponse version() {
        return VersionResponse.newBuilder()
                .setVersion(KUBELETS)
                .setRuntimeName("wherry")
                .setRuntimeVersion(Version.NUMBER)
                .setRuntimeApiVersion(API)
                .build();
    }

    RuntimeConfigResponse config() {
        return RuntimeConfigResponse.newBuilder()
                .setLinux(LinuxRuntimeConfiguration.newBuilder().setCgroupDriver(driver()))
                .build();
    }

    private CgroupDriver driver() {
        return switch (runtime.cgroups()) {
            case SYSTEMD -> CgroupDriver.SYSTEMD;
            case CGROUPFS -> CgroupDriver.CGROUPFS;
        };
    }

    StatusResponse status(boolean verbose) {
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setStatus(RuntimeStatus.newBuilder()
                        .addConditions(condition("RuntimeReady", "RuntimeNotReady", runtimeProblem()))
                        .addConditions(condition("NetworkReady", "NetworkPluginNotReady", pods.networkProblem())))
                .addRuntimeHandlers(handler(""))
                .setFeatures(RuntimeFeatures.newBuilder().setSupplementalGroupsPolicy(true));
        settings.names().forEach(name -> response.addRuntimeHandlers(handler(name)));
        if (verbose) {
            response.putInfo(
                    "config",
                    CriInfo.json(Map.of(
                            "cgroupDriver", driver().name(),
                            "runtime", runtime.standard().name(),
                            "runtimes", settings.names())));
        }
        return response.build();
    }

    private static RuntimeCondition condition(String type, String reason, Optional<String> problem) {
        return RuntimeCondition.newBuilder()
                .setType(type)
                .setStatus(problem.isEmpty())
                .setReason(problem.isEmpty() ? "" : reason)
                .setMessage(problem.orElse(""))
                .build();
    }

    private Optional<String> runtimeProblem() {
        try {
            return runtime.standard().program().isEmpty()
                    ? Optional.of("the OCI runtime " + runtime.standard().name() + " is missing")
                    : conmon.binary().isEmpty() ? Optional.of("the program conmon is missing") : Optional.empty();
        } catch (WherryException failure) {
            return Optional.of(failure.getMessage());
        }
    }

    private static RuntimeHandler handler(String name) {
        return RuntimeHandler.newBuilder()
                .setName(name)
                .setFeatures(RuntimeHandlerFeatures.newBuilder()
                        .setRecursiveReadOnlyMounts(KernelVersion.isAtLeast("5.12"))
                        .setUserNamespaces(KernelVersion.isAtLeast("5.19")))
                .build();
    }
}
