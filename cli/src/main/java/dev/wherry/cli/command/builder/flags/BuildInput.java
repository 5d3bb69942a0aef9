package dev.wherry.cli.command.builder.flags;

import com.google.protobuf.ByteString;
import dev.wherry.cli.client.builds.ContextLocation;
import dev.wherry.cli.client.files.ArchiveBytes;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.Console;
import dev.wherry.v1.BuildOptions;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The build context and the Dockerfile of {@code wherry build}.
 *
 * @param dockerfile its path as the daemon sees it; empty for the usual one
 * @param content the Dockerfile itself, when it comes by standard input; else empty
 */
public record BuildInput(ContextLocation context, String dockerfile, ByteString content) {
    private static final String STDIN = "-";

    /**
     * Reads as much of standard input as is needed to know.
     *
     * @param path the context as the user named it
     * @param file the Dockerfile as the user named it; empty when they did not
     * @throws Failure when there is no such context or Dockerfile
     */
    public static BuildInput of(String path, String file, Console console) throws IOException {
        if (path.equals(STDIN)) {
            return ofStdin(file, new BufferedInputStream(console.in(), 1 << 16));
        }
        ContextLocation context = ContextLocation.of(path);
        if (file.equals(STDIN)) {
            return new BuildInput(context, "", ByteString.copyFrom(StdinDockerfile.read(console.in())));
        }
        boolean here = context instanceof ContextLocation.Directory && !file.isEmpty();
        return new BuildInput(context, here ? relative(root(context), file) : file, ByteString.EMPTY);
    }

    private static BuildInput ofStdin(String file, BufferedInputStream stdin) throws IOException {
        if (file.equals(STDIN)) {
            throw new Failure("build: context and Dockerfile cannot both come from standard input");
        }
        if (ArchiveBytes.begin(stdin)) {
            return new BuildInput(new ContextLocation.Archive(stdin), file, ByteString.EMPTY);
        }
        if (!file.isEmpty()) {
            throw new Failure("build: standard input is a Dockerfile, not an archive: omit --file");
        }
        return new BuildInput(new ContextLocation.None(), "", ByteString.copyFrom(StdinDockerfile.read(stdin)));
    }

    private static Path root(ContextLocation context) {
        return ((ContextLocation.Directory) context).directory().root();
    }

    public void into(BuildOptions.Builder options) {
        options.setDockerfile(dockerfile).setDockerfileContent(content);
        switch (context) {
            case ContextLocation.Directory local ->
                options.setContext(local.directory().location());
            case ContextLocation.Remote remote -> options.setRemoteContext(remote.address());
            case ContextLocation.Archive _ -> options.setArchiveContext(true);
            case ContextLocation.None _ -> {}
        }
    }

    /** The Dockerfile's path from the context's root, or its absolute one when it lies elsewhere. */
    private static String relative(Path root, String file) {
        Path given = Path.of(file).toAbsolutePath().normalize();
        if (!Files.exists(given)) {
            throw new Failure("Dockerfile " + file + " not found");
        }
        if (Files.isDirectory(given)) {
            throw new Failure("Dockerfile " + file + " is a directory");
        }
        try {
            Path real = given.getParent().toRealPath().resolve(given.getFileName());
            return real.startsWith(root)
                    ? root.relativize(real).toString()
                    : given.toRealPath().toString();
        } catch (IOException e) {
            throw Failure.of("Dockerfile " + file + " cannot be read: " + e.getMessage(), e);
        }
    }
}
