package dev.wherry.cli.command.system;

import dev.wherry.cli.command.container.ContainerRow;
import dev.wherry.cli.command.image.ImageRow;
import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.cli.view.template.Template;
import dev.wherry.v1.CacheEntry;
import dev.wherry.v1.DiskUsageResponse;
import dev.wherry.v1.ImageUsage;
import dev.wherry.v1.VolumeUsage;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All objects with the disk space that they take, as {@code docker system df -v} shows them. */
record DiskUsageDetails(DiskUsageResponse usage, Instant now) {

    /** @param format {@code null} or {@code table} for tables, {@code json}, or a template applied to all objects at once */
    String show(String format) {
        if (format == null || format.isBlank() || format.strip().equals("table")) {
            return tables();
        }
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("Images", images());
        all.put("Containers", containers());
        all.put("Volumes", volumes());
        all.put("BuildCache", cache());
        return format.strip().equals("json")
                ? JsonValues.compact(all) + "\n"
                : TerminalText.escapedLines(Template.parse(format).apply(all)) + "\n";
    }

    private String tables() {
        return "Images space usage:\n\n"
                + imageListing().show(images(), null)
                + "\nContainers space usage:\n\n"
                + new Listing(
                                ContainerRow.HEADERS,
                                List.of(
                                        "ID",
                                        "Image",
                                        "Command",
                                        "LocalVolumes",
                                        "Size",
                                        "RunningFor",
                                        "Status",
                                        "Names"))
                        .show(containers(), null)
                + "\nLocal Volumes space usage:\n\n"
                + new Listing(
                                Map.of("Name", "VOLUME NAME", "Links", "LINKS", "Size", "SIZE"),
                                List.of("Name", "Links", "Size"))
                        .show(volumes(), null)
                + "\nBuild cache usage: "
                + Units.progressSize(usage.getBuildCache().getSizeBytes()) + "\n\n"
                + cacheListing().show(cache(), null);
    }

    private static Listing imageListing() {
        Map<String, String> headers = new HashMap<>(ImageRow.HEADERS);
        headers.put("SharedSize", "SHARED SIZE");
        headers.put("UniqueSize", "UNIQUE SIZE");
        headers.put("Containers", "CONTAINERS");
        return new Listing(
                headers,
                List.of("Repository", "Tag", "ID", "CreatedSince", "Size", "SharedSize", "UniqueSize", "Containers"));
    }

    private static Listing cacheListing() {
        return new Listing(
                Map.of(
                        "ID", "CACHE ID",
                        "CacheType", "CACHE TYPE",
                        "Size", "SIZE",
                        "CreatedSince", "CREATED",
                        "LastUsedSince", "LAST USED",
                        "UsageCount", "USAGE",
                        "Shared", "SHARED"),
                List.of("ID", "CacheType", "Size", "CreatedSince", "LastUsedSince", "UsageCount", "Shared"));
    }

    private List<Map<String, Object>> images() {
        ImageRow row = new ImageRow(false, now);
        return usage.getImageUsagesList().stream()
                .map(image -> image(row, image))
                .toList();
    }

    private static Map<String, Object> image(ImageRow row, ImageUsage image) {
        Map<String, Object> fields = row.of(image.getImage());
        fields.put("SharedSize", Units.size(image.getSharedBytes()));
        fields.put("UniqueSize", Units.size(image.getUniqueBytes()));
        fields.put("Containers", Integer.toString(image.getContainers()));
        return fields;
    }

    /** The size of a container is what it wrote; that of its image is counted with the images. */
    private List<Map<String, Object>> containers() {
        ContainerRow row = new ContainerRow(false, now);
        return usage.getContainerUsagesList().stream()
                .map(container ->
                        row.of(container.toBuilder().clearRootSizeBytes().build()))
                .toList();
    }

    private List<Map<String, Object>> volumes() {
        return usage.getVolumeUsagesList().stream()
                .map(DiskUsageDetails::volume)
                .toList();
    }

    private static Map<String, Object> volume(VolumeUsage volume) {
        return Map.of(
                "Name", volume.getName(),
                "Links", Integer.toString(volume.getContainers()),
                "Size", Units.size(volume.getSizeBytes()));
    }

    private List<Map<String, Object>> cache() {
        return usage.getCacheUsagesList().stream().map(this::cache).toList();
    }

    private Map<String, Object> cache(CacheEntry entry) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("ID", TerminalText.shortId(entry.getId()));
        row.put("Parent", entry.getParent());
        row.put("CacheType", entry.getType());
        row.put("Description", TerminalText.oneLine(entry.getDescription()));
        row.put("InUse", Boolean.toString(entry.getInUse()));
        row.put("Shared", Boolean.toString(entry.getShared()));
        row.put("Size", Units.size(entry.getSizeBytes()));
        row.put("CreatedAt", Units.timestamp(entry.getCreatedNanos()));
        row.put("CreatedSince", Units.ago(entry.getCreatedNanos(), now));
        row.put("LastUsedAt", Units.timestamp(entry.getUsedNanos()));
        row.put("LastUsedSince", Units.ago(entry.getUsedNanos(), now));
        row.put("UsageCount", Long.toString(entry.getUses()));
        return row;
    }
}
