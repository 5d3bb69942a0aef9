package dev.wherry.daemon.runtime.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

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
     * A file or folder of the host in a container, with its devices.
     *
     * @param propagation such as "rprivate"
     * @param recursive whether mounts below the source come along
     * @param readOnlyBelow whether they are read-only too when this mount is
     */
    record HostPath(
            Path source, String target, boolean readOnly, boolean recursive, String propagation, boolean readOnlyBelow)
            implements ExtraMount {
        @Override
        public boolean isFile() {
            return !Files.isDirectory(source);
        }

        private RuntimeSpec.Mount spec() {
            List<String> options = new ArrayList<>(List.of(recursive ? "rbind" : "bind", propagation));
            if (readOnly) {
                options.add("ro");
                // A file has nothing below it, and crun 1.8 takes a file mounted so for a folder.
                if (recursive && readOnlyBelow && !isFile() && KernelVersion.isAtLeast("5.12")) {
                    options.add("rro");
                }
            }
            return new RuntimeSpec.Mount(target, "bind", source.toString(), options);
        }
    }

    /** A file system in memory in a container, with options as mount(8) knows them. */
    record Memory(String target, List<String> options) implements ExtraMount {
        private static final Set<String> PROPAGATIONS =
                Set.of("private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable", "runbindable");

        @Override
        public boolean isFile() {
            return false;
        }

        /** The options of the file system, such as "size=64m". */
        public List<String> data() {
            return options.stream().filter(option -> option.contains("=")).toList();
        }

        /** Whether device nodes in it can be opened. */
        public boolean hasDevices() {
            return options.contains("dev");
        }

        /** With the options of the mount, such as "noexec". */
        private RuntimeSpec.Mount boundFrom(Path folder) {
            List<String> flags = new ArrayList<>(List.of("bind"));
            options.stream().filter(option -> !option.contains("=")).forEach(flags::add);
            if (flags.stream().noneMatch(PROPAGATIONS::contains)) {
                flags.add("rprivate");
            }
            return new RuntimeSpec.Mount(target, "bind", folder.toString(), flags);
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

    /** What a device of the host brings, with options as the runtime knows them. */
    record OfDevice(CdiEdits.Mount mount) implements ExtraMount {
        @Override
        public String target() {
            return mount.target();
        }

        @Override
        public boolean isFile() {
            return mount.type().equals("bind") && !Files.isDirectory(Path.of(mount.source()));
        }

        private RuntimeSpec.Mount spec() {
            List<String> options = new ArrayList<>(mount.options());
            if (mount.type().equals("bind") && !options.contains("bind") && !options.contains("rbind")) {
                options.add("rbind");
            }
            return new RuntimeSpec.Mount(mount.target(), mount.type(), mount.source(), options);
        }
    }

    /** @param file where the content of a secret, or the file system of a memory, is on the host */
    default RuntimeSpec.Mount spec(Path file) {
        return switch (this) {
            case HostPath path -> path.spec();
            case OfDevice device -> device.spec();
            case Memory memory -> memory.boundFrom(file);
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
