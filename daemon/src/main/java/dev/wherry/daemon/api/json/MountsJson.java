package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.config.ContainerSettings;
import dev.wherry.daemon.container.config.MountRequest;
import dev.wherry.daemon.container.config.MountRequest.ReadOnlyBelow;
import dev.wherry.daemon.container.config.MountRequest.Type;
import dev.wherry.daemon.container.config.MountRequest.VolumeOptions;
import dev.wherry.daemon.metadata.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts as docker's {@code inspect} tells of them, which depends on the flag they were asked for by: {@code --volume}
 * makes what is absent, {@code --tmpfs} has options as text, {@code --mount} neither.
 */
final class MountsJson {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PRIVATE = "rprivate";

    private MountsJson() {}

    /** What {@code --volume} asked for, or null. */
    static JsonNode binds(List<MountRequest> mounts) {
        return HostConfigJson.orNull(mounts.stream()
                .filter(mount -> mount.createSource() && !mount.isAnonymous())
                .map(MountsJson::bind)
                .toList());
    }

    private static String bind(MountRequest mount) {
        String mode = mode(mount);
        return mount.source() + ":" + mount.target() + (mode.isEmpty() ? "" : ":" + mode);
    }

    private static String mode(MountRequest mount) {
        List<String> options = new ArrayList<>();
        if (mount.readOnly()) {
            options.add("ro");
        }
        if (!mount.propagation().isEmpty()) {
            options.add(mount.propagation());
        }
        if (mount.type() == Type.VOLUME && mount.volume().noCopy()) {
            options.add("nocopy");
        }
        return String.join(",", options);
    }

    /** Adds what {@code --tmpfs} and {@code --mount} asked for, where they did. */
    static void described(List<MountRequest> mounts, ObjectNode host) {
        for (MountRequest mount : mounts) {
            if (isTmpfsFlag(mount)) {
                host.withObjectProperty("Tmpfs").put(mount.target(), String.join(",", mount.tmpfsOptions()));
            } else if (!mount.createSource()) {
                describe(mount, host.withArrayProperty("Mounts").addObject());
            }
        }
    }

    private static void describe(MountRequest mount, ObjectNode to) {
        to.put("Type", type(mount));
        if (!mount.source().isEmpty()) {
            to.put("Source", mount.source());
        }
        to.put("Target", mount.target());
        if (mount.readOnly()) {
            to.put("ReadOnly", true);
        }
        switch (mount.type()) {
            case BIND -> describeBind(mount, to);
            case VOLUME -> describeVolume(mount.volume(), to);
            case TMPFS -> describeTmpfs(mount, to);
            case IMAGE -> {
                if (!mount.volume().subpath().isEmpty()) {
                    to.putObject("ImageOptions").put("Subpath", mount.volume().subpath());
                }
            }
        }
    }

    private static void describeBind(MountRequest mount, ObjectNode to) {
        ObjectNode options = JSON.objectNode();
        if (!mount.propagation().isEmpty()) {
            options.put("Propagation", mount.propagation());
        }
        if (mount.nonRecursive()) {
            options.put("NonRecursive", true);
        }
        if (mount.readOnlyBelow() == ReadOnlyBelow.NO) {
            options.put("ReadOnlyNonRecursive", true);
        }
        if (mount.readOnlyBelow() == ReadOnlyBelow.ALWAYS) {
            options.put("ReadOnlyForceRecursive", true);
        }
        if (!options.isEmpty()) {
            to.set("BindOptions", options);
        }
    }

    private static void describeVolume(VolumeOptions volume, ObjectNode to) {
        ObjectNode options = JSON.objectNode();
        if (volume.noCopy()) {
            options.put("NoCopy", true);
        }
        if (!volume.labels().isEmpty()) {
            options.set("Labels", HostConfigJson.map(volume.labels()));
        }
        if (!volume.subpath().isEmpty()) {
            options.put("Subpath", volume.subpath());
        }
        if (!volume.driver().isEmpty() || !volume.options().isEmpty()) {
            ObjectNode driver = options.putObject("DriverConfig");
            if (!volume.driver().isEmpty()) {
                driver.put("Name", volume.driver());
            }
            if (!volume.options().isEmpty()) {
                driver.set("Options", HostConfigJson.map(volume.options()));
            }
        }
        if (!options.isEmpty()) {
            to.set("VolumeOptions", options);
        }
    }

    private static void describeTmpfs(MountRequest mount, ObjectNode to) {
        ObjectNode options = to.putObject("TmpfsOptions");
        if (mount.tmpfsBytes() > 0) {
            options.put("SizeBytes", mount.tmpfsBytes());
        }
        if (mount.tmpfsMode() > 0) {
            options.put("Mode", mount.tmpfsMode());
        }
    }

    /** All mounts, but those of {@code --tmpfs}, as the container has them. */
    static ArrayNode json(ContainerSettings settings, Layout layout) {
        ArrayNode list = JSON.arrayNode();
        for (MountRequest mount : settings.mounts()) {
            if (isTmpfsFlag(mount)) {
                continue;
            }
            ObjectNode told = list.addObject().put("Type", type(mount));
            if (mount.type() == Type.VOLUME) {
                told.put("Name", mount.source())
                        .put(
                                "Source",
                                layout.volumes()
                                        .resolve(mount.source())
                                        .resolve("_data")
                                        .toString());
            } else {
                told.put("Source", mount.source());
            }
            told.put("Destination", mount.place().toString());
            if (mount.type() == Type.VOLUME) {
                told.put("Driver", "local");
            }
            boolean bind = mount.type() == Type.BIND;
            told.put("Mode", shownMode(settings, mount))
                    .put("RW", !mount.readOnly() && mount.type() != Type.IMAGE)
                    .put("Propagation", !bind || !mount.propagation().isEmpty() ? mount.propagation() : PRIVATE);
        }
        return list;
    }

    /** Docker gives volumes that are asked for a mode, and none to those that an image wants. */
    private static String shownMode(ContainerSettings settings, MountRequest mount) {
        boolean asked = settings.request().mounts().stream()
                .anyMatch(request -> request.place().equals(mount.place()) && !request.isAnonymous());
        String mode = mount.createSource() ? mode(mount) : "";
        return mode.isEmpty() && mount.type() == Type.VOLUME && asked ? "z" : mode;
    }

    /** Where the container wants volumes of its own, and where its image does and has one. */
    static JsonNode anonymous(ContainerSettings settings) {
        ObjectNode places = JSON.objectNode();
        settings.mounts().stream()
                .filter(mount -> mount.type() == Type.VOLUME)
                .filter(mount -> settings.request().mounts().stream()
                        .noneMatch(request -> request.place().equals(mount.place()) && !request.isAnonymous()))
                .filter(mount -> settings.request().volumes().containers().isEmpty()
                        || !mount.volume().noCopy())
                .forEach(mount -> places.putObject(mount.target()));
        settings.request().volumes().places().forEach(places::putObject);
        return places.isEmpty() ? JSON.nullNode() : places;
    }

    private static String type(MountRequest mount) {
        return mount.type().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean isTmpfsFlag(MountRequest mount) {
        return mount.type() == MountRequest.Type.TMPFS && mount.tmpfsBytes() == 0 && mount.tmpfsMode() == 0;
    }
}
