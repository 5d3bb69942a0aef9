package dev.wherry.cli.command.image;

import dev.wherry.cli.view.Listing;
import dev.wherry.cli.view.TerminalText;
import dev.wherry.cli.view.Units;
import dev.wherry.v1.ImageManifest;
import dev.wherry.v1.ImageSummary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Images as a tree, as {@code docker images --tree} shows them: a row an image, and below it one a platform. */
final class PlatformTree {
    private static final Map<String, String> HEADERS = Map.of(
            "Image", "IMAGE", "ID", "ID", "DiskUsage", "DISK USAGE", "ContentSize", "CONTENT SIZE", "Extra", "EXTRA");
    private static final List<String> COLUMNS = List.of("Image", "ID", "DiskUsage", "ContentSize", "Extra");
    private static final String IN_USE = "U";

    private final boolean whole;

    /** @param whole show whole digests */
    PlatformTree(boolean whole) {
        this.whole = whole;
    }

    String show(List<ImageSummary> images) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (ImageSummary image : images) {
            List<ImageManifest> platforms = image.getManifestsList().stream()
                    .filter(manifest -> manifest.getKind() == ImageManifest.Kind.KIND_IMAGE)
                    .toList();
            for (String name : names(image)) {
                rows.add(row(name, image.getId(), usage(platforms), content(image), used(platforms)));
                for (int i = 0; i < platforms.size(); i++) {
                    ImageManifest platform = platforms.get(i);
                    String branch = i == platforms.size() - 1 ? "└─ " : "├─ ";
                    rows.add(row(
                            branch + platform.getPlatform(),
                            platform.getDigest(),
                            usage(List.of(platform)),
                            platform.getContentBytes(),
                            used(List.of(platform))));
                }
            }
        }
        return new Listing(HEADERS, COLUMNS).show(rows, null);
    }

    private static List<String> names(ImageSummary image) {
        if (image.getReferencesCount() == 0) {
            return List.of("<untagged>");
        }
        return image.getReferencesList().stream()
                .map(ImageName::of)
                .map(name -> name.repository() + ":" + name.tag())
                .toList();
    }

    private static long usage(List<ImageManifest> manifests) {
        return manifests.stream()
                .mapToLong(manifest -> manifest.getUnpackedBytes() + manifest.getContentBytes())
                .sum();
    }

    private static long content(ImageSummary image) {
        return image.getManifestsList().stream()
                .mapToLong(ImageManifest::getContentBytes)
                .sum();
    }

    private static boolean used(List<ImageManifest> manifests) {
        return manifests.stream().anyMatch(ImageManifest::getInUse);
    }

    private Map<String, Object> row(String name, String id, long usage, long content, boolean used) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("Image", name);
        row.put("ID", whole ? id : TerminalText.shortId(id));
        row.put("DiskUsage", Units.size(usage));
        row.put("ContentSize", Units.size(content));
        row.put("Extra", used ? IN_USE : "");
        return row;
    }
}
