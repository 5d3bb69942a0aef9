package dev.wherry.daemon.api.docker;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.image.ImageListJson;
import dev.wherry.daemon.api.json.ContainerListJson;
import dev.wherry.daemon.api.json.VolumeJson;
import dev.wherry.daemon.builder.cache.CacheEntry;
import dev.wherry.daemon.builder.cache.CacheUsage;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.filter.Filters;
import dev.wherry.daemon.image.ImageSpace;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.ImageSummary;
import dev.wherry.daemon.metadata.Database;
import dev.wherry.daemon.volume.Volume;
import dev.wherry.daemon.volume.Volumes;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;

/** What all stores take of the disk, as docker's {@code system df} has it. */
@Singleton
final class DiskUsageJson {

    private final Database database;
    private final ImageStore images;
    private final Containers containers;
    private final ContainerListJson list;
    private final Volumes volumes;
    private final CacheUsage cache;

    DiskUsageJson(
            Database database,
            ImageStore images,
            Containers containers,
            ContainerListJson list,
            Volumes volumes,
            CacheUsage cache) {
        this.database = database;
        this.images = images;
        this.containers = containers;
        this.list = list;
        this.volumes = volumes;
        this.cache = cache;
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ImageSpace space = ImageSpace.measure(database);
        json.put("LayersSize", space.use().bytes());
        ArrayNode told = json.putArray("Images");
        for (ImageSummary image : images.list()) {
            told.add(ImageListJson.row(
                    image, Optional.ofNullable(space.byImage().get(image.image().id()))));
        }
        json.set("Containers", list.of(containers.list(), true, Instant.now()));
        ArrayNode kept = json.putArray("Volumes");
        for (Volume volume : volumes.list(Filters.NONE)) {
            ObjectNode one = VolumeJson.json(volume, volumes.mountPoint(volume));
            one.putObject("UsageData")
                    .put("Size", volumes.size(volume))
                    .put("RefCount", volumes.holders(volume.name()).size());
            kept.add(one);
        }
        ArrayNode cached = json.putArray("BuildCache");
        long bytes = 0;
        for (CacheEntry entry : cache.list()) {
            add(entry, cached.addObject());
            bytes += entry.ownBytes();
        }
        return json.put("BuilderSize", bytes);
    }

    private static void add(CacheEntry entry, ObjectNode json) {
        json.put("ID", entry.id());
        json.put("Type", entry.type().label());
        json.put("Description", entry.description());
        json.put("InUse", entry.inUse());
        json.put("Shared", entry.shared());
        json.put("Size", entry.ownBytes());
        json.put("CreatedAt", entry.createdAt().toString());
        json.put("LastUsedAt", entry.usedAt().toString());
        json.put("UsageCount", entry.uses());
    }
}
