package dev.wherry.cli.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fresh system in a folder, of the distribution of this machine, with what the package depends on. Its
 * {@code systemctl} notes what it is told, since nothing boots it; it enables units by links, as the real one does, and
 * says that they are enabled and the daemon runs.
 */
final class Chroot implements AutoCloseable {
    private static final String DEPENDENCIES = "runc,conmon,netavark,aardvark-dns,nftables,ca-certificates";

    private static final String SYSTEMCTL = """
            #!/bin/sh
            echo "$*" >>/systemctl.log
            enable() {
                mkdir -p "/etc/systemd/system/$2.wants"
                ln -sf "/lib/systemd/system/$1" "/etc/systemd/system/$2.wants/$1"
            }
            case "$*" in
            *preset*wherry.socket) enable wherry.socket sockets.target ;;
            *preset*wherry.service) enable wherry.service multi-user.target ;;
            *is-enabled*) echo enabled ;;
            *is-active*wherry.socket) exit 3 ;;
            esac
            """;

    private final Path root;

    Chroot() throws IOException {
        root = Files.createTempDirectory(Path.of("/tmp"), "wherry-it-chroot-");
        String sources = Stream.of("sources.list", "sources.list.d/debian.sources", "sources.list.d/ubuntu.sources")
                .map(Path.of("/etc/apt")::resolve)
                .filter(Files::exists)
                .map(Path::toString)
                .reduce("", (left, right) -> left + " " + right);
        run(
                        Duration.ofMinutes(5),
                        "sh",
                        "-c",
                        ". /etc/os-release; exec mmdebstrap --quiet --variant=minbase --include=" + DEPENDENCIES
                                + " \"$VERSION_CODENAME\" " + root + sources)
                .ok();
        Path systemctl = write("usr/bin/systemctl", SYSTEMCTL);
        Files.setPosixFilePermissions(systemctl, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(path("run/systemd/system"));
    }

    /** Where a file of the system lies. */
    Path path(String name) {
        return root.resolve(name);
    }

    /** Whether there is a symbolic link, whatever it points to. */
    boolean isLink(String name) {
        return Files.isSymbolicLink(path(name));
    }

    Path write(String name, String text) throws IOException {
        Files.createDirectories(path(name).getParent());
        return Files.writeString(path(name), text);
    }

    /** Runs a script as root of the system, with processes of its own. */
    Outcome sh(String script) throws IOException {
        return run(
                Duration.ofMinutes(2),
                "unshare",
                "--mount",
                "--pid",
                "--fork",
                "sh",
                "-c",
                "mount -t proc proc \"$0/proc\" && exec chroot \"$0\" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin sh -c \"$1\"",
                root.toString(),
                script);
    }

    /** What {@code systemctl} was told since this was last asked. */
    List<String> toldSystemd() throws IOException {
        Path log = path("systemctl.log");
        List<String> lines = Files.exists(log) ? Files.readAllLines(log) : new ArrayList<>();
        Files.deleteIfExists(log);
        return lines;
    }

    static Outcome run(Duration limit, String... command) throws IOException {
        return Outcome.of(List.of(command), new ProcessBuilder(command).start(), limit);
    }

    @Override
    public void close() throws IOException {
        run(Duration.ofMinutes(1), "rm", "-rf", "--one-file-system", root.toString())
                .ok();
    }
}
