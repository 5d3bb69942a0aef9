package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Inodes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the kernel's own file systems are mounted in a root file system. The OCI runtime makes links and nodes there while
 * it still sees the host: runc 1.1 follows a symbolic link of the image at {@code /dev} and writes into the host's folder
 * that it names. So none may be there.
 */
final class KernelMountPoints {

    private static final List<String> NAMES = List.of("proc", "sys", "dev");

    private KernelMountPoints() {}

    /** @throws StartException when one is something else than a folder */
    static void check(Path rootfs) {
        for (String name : NAMES) {
            try {
                Optional<FileStatus> status = Inodes.find(rootfs.resolve(name));
                if (status.isPresent() && !status.get().isDirectory()) {
                    throw new StartException(
                            ExitCode.RUNTIME_FAILED,
                            "/" + name + " of the image is no folder, so that nothing can be mounted there");
                }
            } catch (IOException failure) {
                throw new HostException("cannot look at /" + name + " of the image: " + failure.getMessage(), failure);
            }
        }
    }
}
