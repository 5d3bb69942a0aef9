package dev.wherry.cli.command.image.files;

import dev.wherry.cli.view.Units;
import dev.wherry.v1.CompareImagesResponse;
import dev.wherry.v1.ConfigDifference;
import dev.wherry.v1.FileDifference;
import dev.wherry.v1.FileDifference.Aspect;
import dev.wherry.v1.ImageFile;
import dev.wherry.v1.ImageLayers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What differs between two images, for programs. */
final class DifferenceJson {
    private DifferenceJson() {}

    static Map<String, Object> of(CompareImagesResponse head, List<FileDifference> files) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("before", image(head.getBeforeName(), head.getBefore()));
        json.put("after", image(head.getAfterName(), head.getAfter()));
        json.put("sharedLayers", head.getSharedLayers());
        json.put(
                "config",
                head.getConfigList().stream().map(DifferenceJson::config).toList());
        json.put("files", files.stream().map(file -> file(head, file)).toList());
        return json;
    }

    private static Map<String, Object> image(String name, ImageLayers layers) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("id", layers.getImageId());
        json.put("layers", LayerJson.of(layers));
        return json;
    }

    private static Map<String, Object> config(ConfigDifference change) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("field", change.getField());
        json.put("key", change.getKey());
        json.put("before", change.hasBefore() ? change.getBefore() : null);
        json.put("after", change.hasAfter() ? change.getAfter() : null);
        return json;
    }

    private static Map<String, Object> file(CompareImagesResponse head, FileDifference file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", (file.hasAfter() ? file.getAfter() : file.getBefore()).getPath());
        json.put("change", file.hasBefore() ? file.hasAfter() ? "changed" : "removed" : "added");
        json.put(
                "aspects",
                file.getAspectsList().stream().map(DifferenceJson::aspect).toList());
        json.put("layer", file.getLayer());
        json.put("instruction", LayerJson.instruction(head.getAfter(), file.getLayer()));
        json.put("before", file.hasBefore() ? side(head.getBefore(), file.getBefore()) : null);
        json.put("after", file.hasAfter() ? side(head.getAfter(), file.getAfter()) : null);
        return json;
    }

    private static String aspect(Aspect aspect) {
        return aspect.name().substring("ASPECT_".length()).toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> side(ImageLayers layers, ImageFile file) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mode", ModeText.of(file.getMode()));
        json.put("uid", file.getUid());
        json.put("gid", file.getGid());
        json.put("size", file.getSizeBytes());
        json.put("modifiedAt", Units.instant(file.getModifiedNanos()).toString());
        json.put("link", file.getLinkTarget());
        json.put("layer", file.getLayer());
        json.put("instruction", LayerJson.instruction(layers, file.getLayer()));
        return json;
    }
}
