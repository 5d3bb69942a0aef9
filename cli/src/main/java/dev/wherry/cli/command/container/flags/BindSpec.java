package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ContainerMount;
import java.nio.file.Path;
import java.util.Set;

/** A value of {@code --volume}: {@code [PATH|VOLUME:]INSIDE[:MODE]}. */
final class BindSpec {
    /** What says nothing here: SELinux labels, and hints for other systems than Linux. */
    private static final Set<String> WITHOUT_MEANING = Set.of("z", "Z", "consistent", "cached", "delegated", "rw");

    private BindSpec() {}

    /** @throws Failure when it is malformed */
    static ContainerMount parse(String given) {
        String[] parts = given.split(":", -1);
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw invalid(given, "give it as PATH:INSIDE[:MODE] or VOLUME:INSIDE[:MODE]");
        }
        ContainerMount.Builder mount = ContainerMount.newBuilder().setCreateSource(true);
        if (parts.length == 1) {
            return mount.setType("volume")
                    .setTarget(MountFlags.target(given, parts[0]))
                    .build();
        }
        boolean isPath = parts[0].startsWith("/") || parts[0].startsWith(".");
        mount.setType(isPath ? "bind" : "volume")
                .setSource(
                        isPath ? Path.of(parts[0]).toAbsolutePath().normalize().toString() : parts[0])
                .setTarget(MountFlags.target(given, parts[1]));
        if (parts.length == 3) {
            setMode(mount, given, parts[2]);
        }
        return mount.build();
    }

    private static void setMode(ContainerMount.Builder mount, String given, String mode) {
        boolean isVolume = mount.getType().equals("volume");
        for (String option : mode.split(",", -1)) {
            if (option.equals("ro")) {
                mount.setReadOnly(true);
            } else if (isVolume && option.equals("nocopy")) {
                mount.setNoCopy(true);
            } else if (!isVolume && isPropagation(option)) {
                mount.setPropagation(option);
            } else if (!WITHOUT_MEANING.contains(option)) {
                throw invalid(given, "invalid mode: " + option);
            }
        }
    }

    static boolean isPropagation(String text) {
        return text.matches("r?(private|shared|slave)");
    }

    private static Failure invalid(String given, String reason) {
        return new Failure("invalid volume specification: '" + given + "': " + reason, ExitStatus.NOT_STARTED);
    }
}
