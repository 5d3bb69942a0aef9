package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.image.ImageSpace;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.ImageSummary;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.metadata.SpaceUse;
import dev.wherry.daemon.volume.Volumes;
import dev.wherry.v1.DiskUsageRequest;
import dev.wherry.v1.DiskUsageResponse;
import dev.wherry.v1.ImageUsage;
import dev.wherry.v1.Usage;
import dev.wherry.v1.VolumeUsage;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/** What all stores take of the disk. */
@Singleton
final class DiskUsageCalls {

    private final Database database;
    private final ImageStore images;
    private final Containers containers;
    private final ContainerSizes sizes;
    private final Volumes volumes;
    private final CacheUsage cache;

    DiskUsageCalls(
            Database database,
            ImageStore images,
            Containers containers,
            ContainerSizes sizes,
            Volumes volumes,
            CacheUsage cache) {
        this.database = database;
        this.images = images;
        this.containers = containers;
        this.sizes = sizes;
        this.volumes = volumes;
        this.cache = cache;
    }

    DiskUsageResponse diskUsage(DiskUsageRequest request) {
        DiskUsageResponse.Builder response = DiskUsageResponse.newBuilder();
        images(response, request.getVerbose());
        containers(response, request.getVerbose());
        volumes(response, request.getVerbose());
        cache(response, request.getVerbose());
        return response.build();
    }

    private void images(DiskUsageResponse.Builder response, boolean verbose) {
        ImageSpace space = ImageSpace.measure(database);
        response.setImages(usage(space.use()));
        if (verbose) {
            for (ImageSummary image : images.list()) {
                ImageSpace.Share share = space.byImage().get(image.image().id());
                if (share != null) {
                    response.addImageUsages(ImageUsage.newBuilder()
                            .setImage(ImageMessages.summary(image))
                            .setSharedBytes(share.shared())
                            .setUniqueBytes(share.unique())
                            .setContainers(share.containers()));
                }
            }
        }
    }

    private void containers(DiskUsageResponse.Builder response, boolean verbose) {
        record Measured(Container container, ContainerSizes.Size size) {}
        List<Measured> all = containers.list().stream()
                .map(container -> new Measured(container, sizes.of(container)))
                .toList();
        response.setContainers(usage(SpaceUse.of(
                all, one -> one.container().state().isUp(), one -> one.size().written())));
        if (verbose) {
            all.forEach(one -> response.addContainerUsages(
                    ContainerMessages.summary(one.container(), List.of(), Optional.of(one.size()))));
        }
    }

    private void volumes(DiskUsageResponse.Builder response, boolean verbose) {
        List<VolumeUsage> all = volumes.list(Filters.NONE).stream()
                .map(volume -> VolumeUsage.newBuilder()
                        .setName(volume.name())
                        .setContainers(volumes.holders(volume.name()).size())
                        .setSizeBytes(volumes.size(volume))
                        .build())
                .toList();
        response.setVolumes(usage(SpaceUse.of(all, volume -> volume.getContainers() > 0, VolumeUsage::getSizeBytes)));
        if (verbose) {
            response.addAllVolumeUsages(all);
        }
    }

    private void cache(DiskUsageResponse.Builder response, boolean verbose) {
        List<CacheEntry> entries = cache.list();
        response.setBuildCache(usage(SpaceUse.of(entries, CacheEntry::inUse, CacheEntry::ownBytes)));
        if (verbose) {
            entries.forEach(entry -> response.addCacheUsages(CacheEntryMessages.entry(entry)));
        }
    }

    private static Usage usage(SpaceUse use) {
        return Usage.newBuilder()
                .setTotal(use.objects())
                .setActive(use.active())
                .setSizeBytes(use.bytes())
                .setReclaimableBytes(use.reclaimable())
                .build();
    }
}
