package dev.wherry.daemon.builder.dockerfile.instruction;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * One {@code --mount} of a RUN, its variables replaced (Dockerfile reference, "RUN --mount"). Targets may be relative,
 * to the working directory; an empty one is the working directory itself.
 */
public sealed interface RunMount {

    /** The target as the mount names it; empty if the mount has none, or leaves the place to a default. */
    default Optional<String> place() {
        return switch (this) {
            case Bind bind -> Optional.of(bind.target());
            case Cache cache -> Optional.of(cache.target());
            case Tmpfs tmpfs -> Optional.of(tmpfs.target());
            case Secret secret -> secret.target();
            case Ssh ssh -> ssh.target();
        };
    }

    /** Who else may use a cache while a step does. */
    enum Sharing {
        /** Anybody. */
        SHARED,
        /** Nobody: another step gets a cache of its own. */
        PRIVATE,
        /** Nobody: another step waits. */
        LOCKED
    }

    /**
     * Files of the build context, a stage or an image.
     *
     * @param source what is mounted, seen from the root of where it comes from
     * @param from a stage, image or named context; empty for the build context
     * @param writable whether the step may write there; what it writes is thrown away
     */
    record Bind(String target, String source, Optional<String> from, boolean writable) implements RunMount {}

    /**
     * A directory that stays from build to build.
     *
     * @param id its name
     * @param from what a new one begins with: a stage, image or named context; empty for nothing
     * @param source the directory there
     * @param owner of a new one
     */
    record Cache(
            String target,
            String id,
            boolean readOnly,
            Sharing sharing,
            Optional<String> from,
            String source,
            Access owner)
            implements RunMount {}

    /** @param size most bytes that it holds; empty for as many as the kernel likes */
    record Tmpfs(String target, OptionalLong size) implements RunMount {}

    /**
     * A secret of the client: a file, an environment variable, or both.
     *
     * @param target of the file; empty when there is none
     * @param env name of the variable; empty when there is none
     * @param required whether a client that does not give it is an error
     */
    record Secret(String id, Optional<String> target, Optional<String> env, boolean required, Access owner)
            implements RunMount {}

    /**
     * The client's SSH agent, as a socket.
     *
     * @param target empty for the usual place
     * @param required whether a client that does not give it is an error
     */
    record Ssh(String id, Optional<String> target, boolean required, Access owner) implements RunMount {}

    /**
     * To whom a file or directory belongs.
     *
     * @param mode permission bits
     */
    record Access(int mode, int uid, int gid) {}
}
