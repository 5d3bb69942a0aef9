package dev.wherry.daemon.api.docker.buildkit;

import dev.wherry.buildkit.caps.APICap;
import dev.wherry.buildkit.gateway.PongResponse;
import dev.wherry.buildkit.types.BuildkitVersion;
import dev.wherry.buildkit.types.WorkerRecord;
import dev.wherry.daemon.Version;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.network.Network;
import dev.wherry.daemon.network.Networks;
import dev.wherry.daemon.network.Subnet;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** What the daemon says of itself as a worker of BuildKit. */
@Singleton
final class WorkerRecords {

    private static final String LABEL = "org.mobyproject.buildkit.worker.";

    /** What clients may use of the bridge. */
    private static final List<String> FRONTEND_CAPS = List.of(
            "solve.base",
            "resolveimage",
            "readfile",
            "readdir",
            "statfile",
            "return",
            "returnmap",
            "proto.refarray",
            "reference.output",
            "frontend.inputs",
            "gateway.solve.metadata",
            "frontend.caps",
            "gateway.evaluate",
            "gateway.evaluate.solve",
            "gateway.warnings");

    /** What clients may ask of a build. */
    private static final List<String> BUILD_CAPS = List.of(
            "source.image",
            "source.local",
            "source.local.unique",
            "source.local.sessionid",
            "source.local.includepatterns",
            "source.local.followpaths",
            "source.local.excludepatterns",
            "source.local.sharedkeyhint",
            "source.git",
            "source.git.fullurl",
            "source.git.keepgitdir",
            "source.git.subdir",
            "source.git.checksum",
            "source.git.skipsubmodules",
            "source.git.knownsshhosts",
            "source.git.mountsshsock",
            "source.git.httpauth",
            "source.http",
            "file.base",
            "constraints",
            "platform",
            "meta.description",
            "cache.gha",
            "exporter.image.attestations",
            "exporter.image.annotations",
            "exporter.multiple");

    private final Networks networks;

    WorkerRecords(Networks networks) {
        this.networks = networks;
    }

    static BuildkitVersion version() {
        return BuildkitVersion.newBuilder()
                .setPackage("wherryd")
                .setVersion("v" + Version.NUMBER)
                .setRevision(Version.COMMIT)
                .build();
    }

    WorkerRecord worker() {
        WorkerRecord.Builder worker = WorkerRecord.newBuilder()
                .setID("wherry")
                .setBuildkitVersion(version())
                .putLabels(LABEL + "executor", "wherry")
                .putLabels(LABEL + "snapshotter", "overlayfs");
        // What clients write for the name host-gateway.
        networks.get(Network.BRIDGE).subnets().stream()
                .map(Subnet::gateway)
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(gateway -> worker.putLabels(LABEL + "moby.host-gateway-ip", gateway.getHostAddress()));
        Platform host = Platform.host();
        worker.addPlatforms(dev.wherry.buildkit.ops.Platform.newBuilder()
                .setOS(host.os())
                .setArchitecture(host.architecture())
                .setVariant(host.variant() == null ? "" : host.variant()));
        return worker.build();
    }

    PongResponse pong() {
        PongResponse.Builder pong = PongResponse.newBuilder().addWorkers(worker());
        FRONTEND_CAPS.forEach(id -> pong.addFrontendAPICaps(cap(id)));
        BUILD_CAPS.forEach(id -> pong.addLLBCaps(cap(id)));
        return pong.build();
    }

    private static APICap cap(String id) {
        return APICap.newBuilder().setID(id).setEnabled(true).build();
    }
}
