package dev.wherry.cli.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** The smallest file system that has a shell: busybox and a link for each of its commands. */
final class Busybox {

    private Busybox() {}

    /** Imports it as the image {@code busybox}. */
    static void importInto(Daemon daemon) throws IOException, InterruptedException {
        Path tar = tar(daemon.home());
        daemon.wherry("import", "--change", "CMD [\"sh\"]", tar.toString(), "busybox")
                .ok();
    }

    /** Makes the tar in a folder, once. */
    static Path tar(Path folder) throws IOException, InterruptedException {
        Path tar = folder.resolve("busybox.tar");
        if (Files.exists(tar)) {
            return tar;
        }
        Path root = Files.createTempDirectory(folder, "busybox-");
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (String name : List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "usr")) {
            Files.createDirectory(root.resolve(name));
        }
        Files.setPosixFilePermissions(root.resolve("tmp"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.writeString(
                root.resolve("etc/passwd"), "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nnogroup:x:65534:\n");
        Path busybox = Path.of(Files.isExecutable(Path.of("/bin/busybox")) ? "/bin/busybox" : "/usr/bin/busybox");
        Files.copy(busybox, root.resolve("bin/busybox"), StandardCopyOption.COPY_ATTRIBUTES);
        for (String command : output(busybox.toString(), "--list").split("\n")) {
            if (!command.equals("busybox")) {
                Files.createSymbolicLink(root.resolve("bin").resolve(command), Path.of("busybox"));
            }
        }
        output("tar", "-C", root.toString(), "--numeric-owner", "-cf", tar.toString(), ".");
        return tar;
    }

    private static String output(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed");
        }
        return text;
    }
}
