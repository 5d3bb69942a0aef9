package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.linux.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Shared memory of a container that lets others join it. It is mounted on the host beside the bundle, since no mount of
 * one container's mount namespace can be bound into another's.
 */
public final class ShareableMemory {

    static final String FOLDER = "shm";
    private static final long USUAL_SIZE = 64 << 20;

    private ShareableMemory() {}

    static boolean isAsked(ContainerProcess process) {
        return process.options().isolation().ipc().equals("shareable");
    }

    static void mount(Path bundle, ContainerProcess process) throws IOException {
        if (isAsked(process)) {
            Path folder = Files.createDirectory(bundle.resolve(FOLDER));
            Mounts.tmpfs(
                    folder, "mode=1777,size=" + process.additions().shmBytes().orElse(USUAL_SIZE));
        }
    }

    /** Unmounts it; nothing there is fine. Who has joined keeps it. */
    public static void unmount(Path bundle) throws IOException {
        Path folder = bundle.resolve(FOLDER);
        if (Files.exists(folder)) {
            Mounts.unmount(folder);
        }
    }
}
