package dev.wherry.daemon.runtime.runc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.StartException;
import dev.wherry.daemon.linux.FileStatus;
import dev.wherry.daemon.linux.Handle;
import dev.wherry.daemon.linux.PathBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * Looks for the program of a container that could not be started. Runtimes word their errors as they like, so the files
 * decide whether the program is missing (exit code 127) or cannot be executed (126). The search sees what the container
 * would have seen: it follows links inside the root file system and the folders that are mounted over it, and never
 * leaves them.
 */
final class ProgramSearch {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_LINKS = 40;
    private static final int EXECUTABLE_BY_ALL = 0111;

    private final JsonNode process;
    private final Path root;
    /** Sources of bind mounts by their places in the container. */
    private final Map<Path, Path> mounts;

    private ProgramSearch(JsonNode process, Path root, Map<Path, Path> mounts) {
        this.process = process;
        this.root = root;
        this.mounts = mounts;
    }

    /** For the first process of a container that was not created, whose root file system is still mounted. */
    static ProgramSearch inBundle(Path bundle) throws IOException {
        JsonNode spec = JSON.readTree(Files.readAllBytes(bundle.resolve("config.json")));
        Map<Path, Path> mounts = new HashMap<>();
        for (JsonNode mount : spec.path("mounts")) {
            if (mount.path("type").asText().equals("bind")) {
                mounts.put(
                        Path.of(mount.path("destination").asText()).normalize(),
                        Path.of(mount.path("source").asText()));
            }
        }
        return new ProgramSearch(
                spec.path("process"), Path.of(spec.path("root").path("path").asText()), mounts);
    }

    /**
     * For one more process in a running container.
     *
     * @param spec the file with its {@code process}
     * @param root what its first process has as root
     */
    static ProgramSearch inContainer(Path spec, Path root) throws IOException {
        return new ProgramSearch(JSON.readTree(Files.readAllBytes(spec)), root, Map.of());
    }

    /** Why the program cannot be started; empty if it is there and can be executed, or nobody can tell. */
    Optional<StartException> failure() {
        String name = process.path("args").path(0).asText();
        try (Handle _ = Handle.folder(root)) {
            if (name.isEmpty()) {
                return missing("executable file not found in $PATH", name);
            }
            return name.contains("/") ? ofPath(name) : ofName(name);
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    private Optional<StartException> ofPath(String name) throws IOException {
        Optional<FileStatus> file;
        try {
            file = find(workingDir().resolve(name));
        } catch (NotDirectoryException through) {
            return failed(ExitCode.NOT_EXECUTABLE, name, "not a directory");
        }
        if (file.isEmpty()) {
            return missing("stat " + name + ": no such file or directory", name);
        }
        if (file.get().isDirectory()) {
            return failed(ExitCode.NOT_EXECUTABLE, name, "is a directory");
        }
        return isExecutable(file.get()) ? Optional.empty() : failed(ExitCode.NOT_EXECUTABLE, name, "permission denied");
    }

    /** As execvp(3) and the runtimes do: what cannot be executed is passed over. */
    private Optional<StartException> ofName(String name) throws IOException {
        for (String folder : searchPath().split(":", -1)) {
            try {
                if (find(workingDir().resolve(folder).resolve(name))
                        .filter(this::isExecutable)
                        .isPresent()) {
                    return Optional.empty();
                }
            } catch (NotDirectoryException through) {
                // As good as nothing.
            }
        }
        return missing("executable file not found in $PATH", name);
    }

    private static Optional<StartException> missing(String reason, String name) {
        return failed(ExitCode.NOT_FOUND, name, reason);
    }

    private static Optional<StartException> failed(ExitCode code, String name, String reason) {
        return Optional.of(new StartException(code, "exec: \"" + name + "\": " + reason));
    }

    private Path workingDir() {
        return Path.of("/").resolve(process.path("cwd").asText());
    }

    private String searchPath() {
        return StreamSupport.stream(process.path("env").spliterator(), false)
                .map(JsonNode::asText)
                .filter(variable -> variable.startsWith("PATH="))
                .map(variable -> variable.substring("PATH=".length()))
                .reduce((first, last) -> last)
                .orElse("");
    }

    private boolean isExecutable(FileStatus file) {
        if (!file.isRegular() || (file.mode() & EXECUTABLE_BY_ALL) == 0) {
            return false;
        }
        int uid = process.path("user").path("uid").asInt();
        if (uid == 0) {
            return true;
        }
        int shift = file.uid() == uid ? 6 : isOwnGroup(file.gid()) ? 3 : 0;
        return (file.mode() >> shift & 1) == 1;
    }

    private boolean isOwnGroup(int gid) {
        JsonNode user = process.path("user");
        return user.path("gid").asInt() == gid
                || StreamSupport.stream(user.path("additionalGids").spliterator(), false)
                        .anyMatch(group -> group.asInt() == gid);
    }

    /** What an absolute path means in the container; empty when there is nothing. */
    private Optional<FileStatus> find(Path path) throws IOException {
        Deque<Path> rest = new ArrayDeque<>();
        push(rest, path);
        Path at = Path.of("/");
        Optional<FileStatus> found = status(at);
        int links = 0;
        while (!rest.isEmpty() && found.isPresent()) {
            Path name = rest.pop();
            if (!found.get().isDirectory()) {
                throw new NotDirectoryException(at.toString());
            }
            if (name.toString().isEmpty() || name.toString().equals(".")) {
                continue;
            }
            if (name.toString().equals("..")) {
                at = at.getParent() == null ? at : at.getParent();
                found = status(at);
                continue;
            }
            Path next = at.resolve(name);
            Optional<FileStatus> there = status(next);
            if (there.isPresent() && there.get().isSymlink()) {
                if (++links > MOST_LINKS) {
                    return Optional.empty();
                }
                Path target = link(next);
                at = target.isAbsolute() ? Path.of("/") : at;
                push(rest, target);
            } else {
                at = next;
                found = there;
            }
        }
        return found;
    }

    private static void push(Deque<Path> rest, Path path) {
        for (int i = path.getNameCount() - 1; i >= 0; i--) {
            rest.push(path.getName(i));
        }
    }

    /** Of a path without links but for its last component, which is not followed. */
    private Optional<FileStatus> status(Path path) throws IOException {
        try (Handle file = open(path).orElse(null)) {
            return file == null ? Optional.empty() : Optional.of(file.status());
        }
    }

    private Path link(Path path) throws IOException {
        try (Handle link = open(path).orElseThrow()) {
            return PathBytes.path(link.readlink());
        }
    }

    private Optional<Handle> open(Path path) throws IOException {
        Optional<Path> mounted =
                mounts.keySet().stream().filter(path::startsWith).max(Comparator.comparingInt(Path::getNameCount));
        Path source = mounted.map(mounts::get).orElse(root);
        Path below = mounted.orElse(Path.of("/")).relativize(path);
        if (below.toString().isEmpty() && !Files.isDirectory(source)) {
            try (Handle folder = Handle.folder(source.toRealPath().getParent())) {
                return folder.child(source.toRealPath().getFileName());
            }
        }
        try (Handle folder = Handle.folder(source)) {
            return folder.resolve(Path.of("/").resolve(below), false);
        }
    }
}
