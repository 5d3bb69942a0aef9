package dev.wherry.daemon.runtime.bundle;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.runtime.runc.OciRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The small first process of a container that passes on signals and reaps: a program of the host, bound in. */
final class InitProgram {

    static final String TARGET = "/sbin/docker-init";

    /** Linked statically, since the container's root file system has no libraries for it. */
    private static final List<String> CANDIDATES = List.of("docker-init", "tini-static", "catatonit", "tini");

    private InitProgram() {}

    /** @throws InvalidInputException when the host has none */
    static Path find() {
        for (String candidate : CANDIDATES) {
            Optional<Path> found = OciRuntime.find(candidate);
            try {
                if (found.isPresent()) {
                    return found.get().toRealPath();
                }
            } catch (IOException brokenLink) {
                // The next one may do.
            }
        }
        throw new InvalidInputException(
                "init process: the daemon's host has no program for one: install it, as with \"apt-get install tini\"");
    }

    static List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(List.of(TARGET, "--"));
        command.addAll(program);
        return command;
    }
}
