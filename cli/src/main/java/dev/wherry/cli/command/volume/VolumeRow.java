package dev.wherry.cli.command.volume;

import dev.wherry.cli.command.KeyValues;
import dev.wherry.cli.view.Units;
import dev.wherry.cli.view.template.Method;
import dev.wherry.v1.VolumeSummary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A volume as a row of {@code wherry volume ls}, with docker's fields. */
final class VolumeRow {
    static final List<String> COLUMNS = List.of("Driver", "Name");

    static final Map<String, String> HEADERS = Map.of(
            "Availability", "AVAILABILITY",
            "Driver", "DRIVER",
            "Group", "GROUP",
            "Labels", "LABELS",
            "Links", "LINKS",
            "Mountpoint", "MOUNTPOINT",
            "Name", "VOLUME NAME",
            "Scope", "SCOPE",
            "Size", "SIZE",
            "Status", "STATUS");

    /** What docker shows for what a list does not measure, and for what clusters alone have. */
    private static final String NONE = "N/A";

    private VolumeRow() {}

    /** @param size whether the files were measured */
    static Map<String, Object> of(VolumeSummary volume, boolean size) {
        Map<String, Object> row = new TreeMap<>();
        row.put("Availability", NONE);
        row.put("Driver", volume.getDriver());
        row.put("Group", NONE);
        row.put("Labels", KeyValues.shown(volume.getLabelsMap(), ","));
        row.put("Label", (Method) key -> volume.getLabelsMap().getOrDefault(key, ""));
        row.put("Links", size ? Integer.toString(volume.getContainers()) : NONE);
        row.put("Mountpoint", volume.getMountPoint());
        row.put("Name", volume.getName());
        row.put("Scope", "local");
        row.put("Size", size ? Units.size(volume.getSizeBytes()) : NONE);
        row.put("Status", NONE);
        return row;
    }
}
