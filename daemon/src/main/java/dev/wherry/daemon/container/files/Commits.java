package dev.wherry.daemon.container.files;

import dev.wherry.daemon.access.DiskRoom;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.HealthCheck;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.ImageConfig.Execution;
import dev.wherry.daemon.image.ImageConfig.History;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.LiveLayers;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes images of containers: one more layer, a copy of what the container wrote, on those of its image, and a config by
 * which a container of the new image runs as this one does. The container keeps its files and goes on as before.
 */
@Singleton
public final class Commits {

    /** The diff ID of a layer without files: two blocks of zeros. */
    private static final Digest EMPTY_LAYER =
            Digest.parse("sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef");

    private final Containers containers;
    private final Lifecycle lifecycle;
    private final LiveLayers layers;
    private final Snapshotter snapshotter;
    private final ImageStore images;
    private final Leases leases;
    private final ContainerActivity activity;

    public Commits(
            Containers containers,
            Lifecycle lifecycle,
            LiveLayers layers,
            Snapshotter snapshotter,
            ImageStore images,
            Leases leases,
            ContainerActivity activity) {
        this.activity = activity;
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.layers = layers;
        this.snapshotter = snapshotter;
        this.images = images;
        this.leases = leases;
    }

    /** What an image is made of. */
    private record Layers(List<SnapshotId> chain, boolean added) {}

    /**
     * Makes an image.
     *
     * @return its ID
     * @throws dev.wherry.daemon.error.NotFoundException when there is no such container
     */
    public Digest commit(String container, CommitOptions options) throws InterruptedException {
        DiskRoom.require();
        Container found = containers.get(container);
        lifecycle.checkEntry(found);
        Optional<Image> base = images.find(found.image());
        // Before files are copied, so that a change that cannot be applied costs nothing.
        ImageConfig config = options.changes().apply(config(found, base, options));
        try (Lease lease = leases.open()) {
            SnapshotId copy = copy(lease, found, options);
            Layers all = layers(copy);
            List<LayerDiff> diffs = all.chain().stream().map(snapshotter::diff).toList();
            Map<Digest, Descriptor> received =
                    base.map(image -> images.layerBlobs(image, lease)).orElse(Map.of());
            ImageConfig complete = all.added() ? config : withEmptyLayer(config);
            Optional<SnapshotId> top = all.chain().isEmpty()
                    ? Optional.empty()
                    : Optional.of(all.chain().getLast());
            ImageDraft draft = ImageDraft.of(complete, top, diffs, Map.of(), received);
            Digest id =
                    images.commit(draft, options.reference().stream().toList()).id();
            activity.tell(
                    found,
                    "commit",
                    Map.of(
                            "comment",
                            options.message(),
                            "imageID",
                            id.toString(),
                            "imageRef",
                            options.reference().map(Object::toString).orElse("")));
            return id;
        }
    }

    private SnapshotId copy(Lease lease, Container container, CommitOptions options) throws InterruptedException {
        SnapshotId snapshot = container
                .snapshot()
                .orElseThrow(() -> new ConflictException("container " + container.shortId() + " is being removed"));
        boolean paused = options.pause() && pause(container);
        try {
            return layers.copy(lease, snapshot, ContainerArchives.stubs(container));
        } finally {
            if (paused) {
                resume(container);
            }
        }
    }

    /** Whether it stands still because of this. */
    private boolean pause(Container container) throws InterruptedException {
        if (container.state() != State.RUNNING) {
            return false;
        }
        try {
            lifecycle.pause(container.id());
            return true;
        } catch (ConflictException endedMeanwhile) {
            return false;
        }
    }

    private void resume(Container container) throws InterruptedException {
        // A client that goes away must not leave the container as it is.
        boolean interrupted = Thread.interrupted();
        try {
            lifecycle.unpause(container.id());
        } catch (ConflictException | NotFoundException endedMeanwhile) {
            // Then nothing stands still.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Layers layers(SnapshotId copy) {
        List<SnapshotId> chain = snapshotter.chain(copy);
        boolean added = !snapshotter.diff(copy).diffId().equals(EMPTY_LAYER);
        return new Layers(added ? chain : chain.subList(0, chain.size() - 1), added);
    }

    private static ImageConfig withEmptyLayer(ImageConfig config) {
        List<History> history = new ArrayList<>(config.history());
        History last = history.removeLast();
        history.add(new History(last.created(), last.createdBy(), last.author(), last.comment(), true));
        return new ImageConfig(
                config.created(),
                config.author(),
                config.architecture(),
                config.variant(),
                config.os(),
                config.osVersion(),
                config.config(),
                config.rootfs(),
                history);
    }

    private static ImageConfig config(Container container, Optional<Image> base, CommitOptions options) {
        String now = Instant.now().toString();
        Optional<ImageConfig> before = base.map(Image::config);
        List<History> history = new ArrayList<>(before.map(ImageConfig::history).orElse(List.of()));
        history.add(new History(
                now,
                String.join(" ", container.settings().cmd()),
                orNull(options.author()),
                orNull(options.message()),
                null));
        Platform platform = before.map(was -> new Platform(was.os(), was.architecture(), was.variant()))
                .orElseGet(Platform::host);
        return new ImageConfig(
                now,
                orNull(options.author()),
                platform.architecture(),
                platform.variant(),
                platform.os(),
                before.map(ImageConfig::osVersion).orElse(null),
                execution(container.settings(), before.map(ImageConfig::config).orElse(Execution.EMPTY)),
                null,
                history);
    }

    private static Execution execution(ContainerSettings settings, Execution image) {
        Map<String, Map<String, Object>> ports = new TreeMap<>();
        settings.ports().forEach(port -> ports.put(port, Map.of()));
        settings.request().expose().forEach(port -> ports.put(port, Map.of()));
        // A name alone has removed a variable of the image already.
        List<String> env = settings.env().stream()
                .filter(variable -> variable.indexOf('=') > 0)
                .toList();
        return new Execution(
                null,
                orNull(settings.user()),
                ports.isEmpty() ? null : ports,
                env.isEmpty() ? null : env,
                settings.entrypoint().isEmpty() ? null : settings.entrypoint(),
                settings.cmd().isEmpty() ? null : settings.cmd(),
                image.argsEscaped(),
                volumes(settings, image),
                orNull(settings.workingDir()),
                settings.labels().isEmpty() ? null : settings.labels(),
                settings.stopSignal().equals("SIGTERM") ? image.stopSignal() : settings.stopSignal(),
                image.shell(),
                healthcheck(settings.request().health(), image.healthcheck()),
                null);
    }

    /** Where the image wants volumes, and where the container was asked to have ones of its own. */
    private static Map<String, Map<String, Object>> volumes(ContainerSettings settings, Execution image) {
        Map<String, Map<String, Object>> volumes = new TreeMap<>(image.volumes() == null ? Map.of() : image.volumes());
        settings.request().mounts().stream()
                .filter(MountRequest::isAnonymous)
                .forEach(mount -> volumes.put(mount.target(), Map.of()));
        settings.request().volumes().places().forEach(place -> volumes.put(place, Map.of()));
        return volumes.isEmpty() ? null : volumes;
    }

    /** What the container's own check says, and for the rest the image's. */
    private static Map<String, Object> healthcheck(HealthCheck own, Map<String, Object> image) {
        if (own.equals(HealthCheck.NONE)) {
            return image;
        }
        Map<String, Object> check = new LinkedHashMap<>(image == null ? Map.of() : image);
        if (!own.test().isEmpty()) {
            check.put("Test", own.test());
        }
        putUnlessZero(check, "Interval", own.intervalNanos());
        putUnlessZero(check, "Timeout", own.timeoutNanos());
        putUnlessZero(check, "StartPeriod", own.startPeriodNanos());
        putUnlessZero(check, "StartInterval", own.startIntervalNanos());
        putUnlessZero(check, "Retries", own.retries());
        return check;
    }

    private static void putUnlessZero(Map<String, Object> check, String name, long value) {
        if (value != 0) {
            check.put(name, value);
        }
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
