package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.volume.Volume;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/** A volume as docker inspects it. */
public final class VolumeJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private VolumeJson() {}

    public static String of(Volume volume, Path mountPoint) {
        return json(volume, mountPoint).toString();
    }

    /** As above, as a part of something else. */
    public static ObjectNode json(Volume volume, Path mountPoint) {
        ObjectNode root = JSON.objectNode();
        root.put("CreatedAt", volume.createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
        root.put("Driver", volume.driver());
        root.set("Labels", orNull(volume.labels()));
        root.put("Mountpoint", mountPoint.toString());
        root.put("Name", volume.name());
        root.set("Options", orNull(volume.options()));
        root.put("Scope", "local");
        return root;
    }

    private static JsonNode orNull(Map<String, String> entries) {
        return entries.isEmpty() ? JSON.nullNode() : HostConfigJson.map(entries);
    }
}
