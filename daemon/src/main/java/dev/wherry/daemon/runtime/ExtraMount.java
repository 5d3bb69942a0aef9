package dev.wherry.daemon.runtime;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Something mounted for one process, besides what every container has. */
public sealed interface ExtraMount {

    /** Where in the root file system: absolute. Made when absent, and removed afterwards. */
    String target();

    /** Whether it is a file, not a folder. */
    boolean isFile();

    /**
     * A file or folder of the host. Device nodes in it open nothing.
     *
     * @param source without the mounts below it
     */
    record Bind(Path source, String target, boolean isFile, boolean readOnly) implements ExtraMount {}

    /** @param size most bytes that it holds; empty for half of the memory there is */
    record Tmpfs(String target, OptionalLong size) implements ExtraMount {
        @Override
        public boolean isFile() {
            return false;
        }
    }

    /**
     * A file that no disk may ever hold. It exists in memory while the process runs, and is wiped then.
     *
     * @param content is not changed; the caller wipes it
     */
    record Secret(String target, byte[] content, int mode, int uid, int gid) implements ExtraMount {
        @Override
        public boolean isFile() {
            return true;
        }
    }

    /** @param file where the content of a secret is */
    default RuntimeSpec.Mount spec(Path file) {
        return switch (this) {
            case Bind bind -> bind(bind.source(), bind.readOnly());
            case Secret secret -> bind(file, true);
            case Tmpfs tmpfs -> {
                List<String> options = new ArrayList<>(List.of("nosuid", "nodev"));
                tmpfs.size().ifPresent(size -> options.add("size=" + size));
                yield new RuntimeSpec.Mount(target(), "tmpfs", "tmpfs", options);
            }
        };
    }

    private RuntimeSpec.Mount bind(Path source, boolean readOnly) {
        return new RuntimeSpec.Mount(
                target(), "bind", source.toString(), List.of("bind", "private", "nodev", readOnly ? "ro" : "rw"));
    }
}
