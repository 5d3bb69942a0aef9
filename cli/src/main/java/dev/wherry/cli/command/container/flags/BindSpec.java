package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.ContainerMount;
import java.nio.file.Path;
import java.util.Set;

/** A value of {@code --volume}: {@code PATH:INSIDE[:MODE]}. */
final class BindSpec {
    /** What says nothing here: SELinux labels, and hints for other systems than Linux. */
    private static final Set<String> WITHOUT_MEANING = Set.of("z", "Z", "consistent", "cached", "delegated", "rw");

    private BindSpec() {}

    /** @throws Failure when it is malformed, or names a volume */
    static ContainerMount parse(String given) {
        String[] parts = given.split(":", -1);
        if (parts.length == 1) {
            throw new Failure(
                    "--volume " + given + ": volumes are not supported yet: mount a path of the host, as in -v /srv:"
                            + (given.startsWith("/") ? given : "/data"),
                    ExitStatus.NOT_STARTED);
        }
        if (parts.length > 3 || parts[0].isEmpty()) {
            throw invalid(given, "give it as PATH:INSIDE[:MODE]");
        }
        ContainerMount.Builder mount = ContainerMount.newBuilder()
                .setType("bind")
                .setSource(source(given, parts[0]))
                .setTarget(MountFlags.target(given, parts[1]))
                .setCreateSource(true);
        if (parts.length == 3) {
            setMode(mount, given, parts[2]);
        }
        return mount.build();
    }

    private static String source(String given, String path) {
        if (path.startsWith("/")) {
            return Path.of(path).normalize().toString();
        }
        if (path.startsWith(".")) {
            return Path.of(path).toAbsolutePath().normalize().toString();
        }
        throw new Failure(
                "--volume " + given + ": named volumes are not supported yet: \"" + path
                        + "\" must be a path that begins with / or .",
                ExitStatus.NOT_STARTED);
    }

    private static void setMode(ContainerMount.Builder mount, String given, String mode) {
        for (String option : mode.split(",", -1)) {
            if (option.equals("ro")) {
                mount.setReadOnly(true);
            } else if (isPropagation(option)) {
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
