package dev.wherry.cli.command.builder.flags;

import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.BuildResult;
import java.util.LinkedHashMap;
import java.util.Map;

/** The content of {@code --metadata-file}, with docker's names. */
final class BuildMetadata {
    private BuildMetadata() {}

    static String json(BuildResult result) {
        Map<String, Object> metadata = new LinkedHashMap<>();
        if (!result.getImageId().isEmpty()) {
            metadata.put("containerimage.config.digest", result.getImageId());
        }
        if (!result.getManifestDigest().isEmpty()) {
            metadata.put("containerimage.descriptor", descriptor(result));
            metadata.put("containerimage.digest", result.getManifestDigest());
        }
        if (result.getNamesCount() > 0) {
            metadata.put("image.name", String.join(",", result.getNamesList()));
        }
        return JsonValues.indented(metadata) + "\n";
    }

    private static Map<String, Object> descriptor(BuildResult result) {
        Map<String, Object> annotations = new LinkedHashMap<>();
        annotations.put("config.digest", result.getImageId());
        annotations.put("org.opencontainers.image.created", result.getCreated());
        Map<String, Object> platform = new LinkedHashMap<>();
        String[] parts = result.getPlatform().split("/", 3);
        platform.put("architecture", parts.length > 1 ? parts[1] : "");
        platform.put("os", parts[0]);
        if (parts.length > 2) {
            platform.put("variant", parts[2]);
        }
        Map<String, Object> descriptor = new LinkedHashMap<>();
        descriptor.put("mediaType", result.getManifestMediaType());
        descriptor.put("digest", result.getManifestDigest());
        descriptor.put("size", result.getManifestSize());
        descriptor.put("annotations", annotations);
        descriptor.put("platform", platform);
        return descriptor;
    }
}
