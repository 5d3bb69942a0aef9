package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.MountFlag;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.builder.run.Sandbox;
import dev.wherry.daemon.builder.solver.Vertex;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Reads the flags of a RUN: what it mounts, and what it may do. */
public final class RunReader {

    private final Run run;
    private final RunOptions options;

    RunReader(Run run, RunOptions options) {
        this.run = run;
        this.options = options;
    }

    /**
     * @param source finds the vertex of a stage or image
     * @throws DockerfileException when a mount makes no sense
     */
    List<Vertex.Run.Mount> mounts(Scope scope, String workingDir, Function<String, Vertex> source) {
        List<Vertex.Run.Mount> mounts = new ArrayList<>();
        for (MountFlag flag : run.mounts()) {
            RunMount mount = flag.expand(scope);
            target(mount)
                    .filter(target -> Paths.absolute(workingDir, target).equals("/"))
                    .ifPresent(root -> {
                        throw problem(flag, "nothing can be mounted at /: give another target");
                    });
            mounts.add(new Vertex.Run.Mount(mount, from(mount).map(name -> vertex(name, flag, source))));
        }
        return mounts;
    }

    private Vertex vertex(String name, MountFlag flag, Function<String, Vertex> source) {
        Vertex vertex = source.apply(name);
        if (vertex instanceof Vertex.Scratch) {
            throw problem(flag, "from=" + name + " has no files: that stage is empty");
        }
        return vertex;
    }

    private static DockerfileException problem(MountFlag flag, String message) {
        return new DockerfileException(flag.value().position(), flag.value().raw(), "RUN --mount: " + message);
    }

    /** Where it is mounted, if it says so and the place is not just a default. */
    public static Optional<String> target(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind bind -> Optional.of(bind.target());
            case RunMount.Cache cache -> Optional.of(cache.target());
            case RunMount.Tmpfs tmpfs -> Optional.of(tmpfs.target());
            case RunMount.Secret secret -> secret.target();
            case RunMount.Ssh ssh -> ssh.target();
        };
    }

    private static Optional<String> from(RunMount mount) {
        return switch (mount) {
            case RunMount.Bind bind -> bind.from();
            case RunMount.Cache cache -> cache.from().filter(name -> !name.equals(From.SCRATCH));
            case RunMount.Tmpfs tmpfs -> Optional.empty();
            case RunMount.Secret secret -> Optional.empty();
            case RunMount.Ssh ssh -> Optional.empty();
        };
    }

    /** @throws DockerfileException when the client has not allowed what the instruction asks for */
    Sandbox sandbox() {
        if (run.insecure() && !options.allowed().contains(RunOptions.INSECURE)) {
            throw new DockerfileException(
                    run.position(),
                    run.source(),
                    "RUN --security=insecure is not allowed: build with --allow " + RunOptions.INSECURE);
        }
        boolean host = switch (run.network()) {
            case DEFAULT -> options.hostNetwork();
            case NONE -> false;
            case HOST -> true;
        };
        if (host && !options.hostNetwork() && !options.allowed().contains(RunOptions.HOST_NETWORK)) {
            throw new DockerfileException(
                    run.position(),
                    run.source(),
                    "RUN --network=host is not allowed in a build with --network none: build with --allow "
                            + RunOptions.HOST_NETWORK);
        }
        return new Sandbox(
                host,
                run.insecure(),
                run.devices(),
                options.allowed(),
                options.hosts(),
                options.shmBytes(),
                options.limits());
    }
}
