package dev.wherry.cli.command.image.files;

import dev.wherry.v1.ImageLayer;
import dev.wherry.v1.ImageLayers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The layers of an image, for programs. */
final class LayerJson {
    private LayerJson() {}

    static List<Map<String, Object>> of(ImageLayers layers) {
        return layers.getLayersList().stream().map(LayerJson::layer).toList();
    }

    static Map<String, Object> layer(ImageLayer layer) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("number", layer.getNumber());
        json.put("diffId", layer.getDiffId());
        json.put("instruction", layer.getInstruction());
        return json;
    }

    /** The instruction that made a layer; empty for a layer that the image does not have. */
    static String instruction(ImageLayers layers, int number) {
        return number < 1 || number > layers.getLayersCount()
                ? ""
                : layers.getLayers(number - 1).getInstruction();
    }
}
