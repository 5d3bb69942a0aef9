package dev.wherry.daemon.api.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.container.config.MountRequest;
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
                .filter(MountRequest::createSource)
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
        if (mount.type() == MountRequest.Type.BIND && (!mount.propagation().isEmpty() || mount.nonRecursive())) {
            ObjectNode options = to.putObject("BindOptions");
            if (!mount.propagation().isEmpty()) {
                options.put("Propagation", mount.propagation());
            }
            if (mount.nonRecursive()) {
                options.put("NonRecursive", true);
            }
        }
        if (mount.type() == MountRequest.Type.TMPFS) {
            ObjectNode options = to.putObject("TmpfsOptions");
            if (mount.tmpfsBytes() > 0) {
                options.put("SizeBytes", mount.tmpfsBytes());
            }
            if (mount.tmpfsMode() > 0) {
                options.put("Mode", mount.tmpfsMode());
            }
        }
    }

    /** All mounts, but those of {@code --tmpfs}, as the container has them. */
    static ArrayNode json(List<MountRequest> mounts) {
        ArrayNode list = JSON.arrayNode();
        for (MountRequest mount : mounts) {
            if (!isTmpfsFlag(mount)) {
                boolean bind = mount.type() == MountRequest.Type.BIND;
                list.addObject()
                        .put("Type", type(mount))
                        .put("Source", mount.source())
                        .put("Destination", mount.target())
                        .put("Mode", mount.createSource() ? mode(mount) : "")
                        .put("RW", !mount.readOnly())
                        .put("Propagation", !bind || !mount.propagation().isEmpty() ? mount.propagation() : PRIVATE);
            }
        }
        return list;
    }

    private static String type(MountRequest mount) {
        return mount.type().name().toLowerCase(java.util.Locale.ROOT);
    }

    private static boolean isTmpfsFlag(MountRequest mount) {
        return mount.type() == MountRequest.Type.TMPFS && mount.tmpfsBytes() == 0 && mount.tmpfsMode() == 0;
    }
}
