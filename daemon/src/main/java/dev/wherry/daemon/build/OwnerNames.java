package dev.wherry.daemon.build;

import dev.wherry.daemon.build.dockerfile.DockerfileException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Looks up the users and groups of {@code --chown} in the file system that is copied into. */
final class OwnerNames {

    private static final int MOST_BYTES = 1 << 20;

    private final Path rootfs;
    private final Step step;

    OwnerNames(Path rootfs, Step step) {
        this.rootfs = rootfs;
        this.step = step;
    }

    /** @param owner {@code user[:group]}; a user without a group is taken as the group of the same name or number too */
    Owner resolve(String owner) throws IOException {
        int colon = owner.indexOf(':');
        String user = colon < 0 ? owner : owner.substring(0, colon);
        String group = colon < 0 ? user : owner.substring(colon + 1);
        return new Owner(number(user, "/etc/passwd", "user"), number(group, "/etc/group", "group"));
    }

    private int number(String name, String file, String kind) throws IOException {
        if (!name.isEmpty() && name.length() < 11 && name.chars().allMatch(c -> c >= '0' && c <= '9')) {
            long number = Long.parseLong(name);
            if (number <= Integer.MAX_VALUE) {
                return (int) number;
            }
        }
        Path path = Destination.resolve(rootfs, file, step);
        Optional<FileStatus> status = Inodes.find(path);
        if (status.isPresent() && status.get().isRegular()) {
            try (InputStream in = Files.newInputStream(path)) {
                String text = new String(in.readNBytes(MOST_BYTES), StandardCharsets.UTF_8);
                for (String line : text.split("\n")) {
                    String[] fields = line.split(":", 4);
                    if (fields.length > 3 && fields[0].equals(name) && fields[2].matches("[0-9]{1,9}")) {
                        return Integer.parseInt(fields[2]);
                    }
                }
            }
        }
        throw new DockerfileException(
                step.position(), name, step.source() + ": there is no " + kind + " \"" + name + "\" in " + file);
    }
}
