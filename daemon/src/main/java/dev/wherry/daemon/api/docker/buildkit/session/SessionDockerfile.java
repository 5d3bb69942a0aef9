package dev.wherry.daemon.api.docker.buildkit.session;

import dev.wherry.daemon.builder.context.IgnoreFile;
import dev.wherry.daemon.error.NotFoundException;
import java.util.List;
import java.util.Optional;

/**
 * The Dockerfile of a build in a directory of the client, which need not be that of the context.
 *
 * @param directory as the client calls it
 * @param name of the file in it
 */
public record SessionDockerfile(ClientSession session, String directory, String name) {

    private static final String USUAL = "Dockerfile";
    private static final String LOWER_CASE = "dockerfile";

    /** The Dockerfile, and the ignore file that is for it alone. */
    public record Found(byte[] content, Optional<IgnoreFile> ignoreFile) {}

    /** @throws NotFoundException when it is not there */
    public Found find() throws InterruptedException {
        String ignore = name + ".dockerignore";
        String other = name.endsWith(USUAL) ? name.substring(0, name.length() - USUAL.length()) + LOWER_CASE : name;
        SmallFiles files = SmallFiles.read(
                session,
                directory,
                List.of(name, ignore, other).stream().distinct().toList());
        byte[] content = files.content(name)
                .or(() -> files.content(other))
                .orElseThrow(() -> new NotFoundException(
                        "Dockerfile", name, "failed to read dockerfile: open " + name + ": no such file or directory"));
        return new Found(content, files.content(ignore).map(patterns -> new IgnoreFile(ignore, patterns)));
    }
}
