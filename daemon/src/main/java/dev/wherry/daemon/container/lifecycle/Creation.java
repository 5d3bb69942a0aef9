package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerAccess;
import dev.wherry.daemon.container.ContainerNames;
import dev.wherry.daemon.container.MemoryShares;
import dev.wherry.daemon.container.Status;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.network.NetworkNaming;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig.Execution;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.metadata.Identifiers;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import dev.wherry.daemon.volume.VolumeClaim;
import java.time.Instant;
import java.util.Optional;

/** From what a caller asks for to a row of a container, with a writable snapshot of its own. */
public final class Creation {

    private static final int ATTEMPTS_AT_A_NAME = 20;

    private final Transitions transitions;
    private final NamespacePeers companions;
    private final ContainerVolumes volumes;
    private final NetworkNaming networks;
    private final Leases leases;
    private final Snapshotter snapshotter;
    private final ContainerImages images;
    private final ContainerAccess access;
    private final MemoryShares memory;

    public Creation(
            Transitions transitions,
            NamespacePeers companions,
            ContainerVolumes volumes,
            NetworkNaming networks,
            Leases leases,
            Snapshotter snapshotter,
            ContainerImages images,
            ContainerAccess access,
            MemoryShares memory) {
        this.memory = memory;
        this.transitions = transitions;
        this.companions = companions;
        this.volumes = volumes;
        this.networks = networks;
        this.leases = leases;
        this.snapshotter = snapshotter;
        this.images = images;
        this.access = access;
    }

    /** As {@link Lifecycle#create}, at this time. */
    public Container create(String name, ContainerConfig asked, Optional<Platform> platform, Instant time) {
        ContainerConfig config = networks.named(companions.named(asked));
        access.checkCreation(config);
        memory.checkCreation(config.resources().memory());
        Image image = images.resolve(config.image(), platform);
        String id = Identifiers.make();
        Execution execution = image.config().config();
        HealthCheck health = config.health().completedBy(execution.healthcheck());
        ContainerSettings settings = ContainerSettings.of(config.with(health), execution, id.substring(0, 12))
                .ownedBy(Caller.current().quota().owner());
        if (!name.isEmpty()) {
            ContainerNames.check(name);
        }
        try (VolumeClaim claim = volumes.claim(id);
                Lease lease = leases.open()) {
            ContainerSettings mounting = settings.mounting(access.confine(volumes.resolve(config, image, claim)));
            SnapshotId snapshot = snapshotter.prepare(lease, image.snapshot());
            try {
                volumes.fill(mounting.mounts(), claim, snapshot);
                Container created = insert(name, id, image, mounting, snapshot, claim, time);
                claim.keep();
                return created;
            } catch (RuntimeException failure) {
                snapshotter.discard(snapshot);
                throw failure;
            }
        }
    }

    private Container insert(
            String name,
            String id,
            Image image,
            ContainerSettings settings,
            SnapshotId snapshot,
            VolumeClaim claim,
            Instant time) {
        for (int attempt = 0; ; attempt++) {
            Container container = new Container(
                    id,
                    name.isEmpty() ? ContainerNames.generate(attempt) : name,
                    image.id(),
                    settings,
                    Optional.of(snapshot),
                    time,
                    Status.CREATED);
            try {
                transitions.created(container, claim);
                return container;
            } catch (ConflictException taken) {
                if (!name.isEmpty() || attempt == ATTEMPTS_AT_A_NAME) {
                    throw taken;
                }
            }
        }
    }
}
