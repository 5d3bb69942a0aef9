package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.context.ImagePaths;
import dev.wherry.daemon.builder.dockerfile.instruction.From;
import dev.wherry.daemon.builder.dockerfile.instruction.MountFlag;
import dev.wherry.daemon.builder.dockerfile.instruction.Run;
import dev.wherry.daemon.builder.dockerfile.instruction.RunMount;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.dockerfile.word.Scope;
import dev.wherry.daemon.builder.run.RunNetwork;
import dev.wherry.daemon.builder.run.RunOptions;
import dev.wherry.daemon.builder.run.RunSpec;
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
     * The mounts of the instruction.
     *
     * @param source finds the vertex of a stage or image
     * @param sources takes the vertices whose files are mounted, in the order of the mounts
     * @throws DockerfileException when a mount makes no sense
     */
    List<RunSpec.Mount> mounts(Scope scope, String workingDir, Function<String, Vertex> source, List<Vertex> sources) {
        List<RunSpec.Mount> mounts = new ArrayList<>();
        for (MountFlag flag : run.mounts()) {
            RunMount mount = flag.expand(scope);
            mount.place()
                    .filter(target -> ImagePaths.absolute(workingDir, target).equals("/"))
                    .ifPresent(root -> {
                        throw problem(flag, "nothing can be mounted at /: give another target");
                    });
            Optional<Vertex> from = from(mount).map(source);
            from.ifPresent(sources::add);
            mounts.add(new RunSpec.Mount(mount, from.isPresent()));
        }
        return mounts;
    }

    private static DockerfileException problem(MountFlag flag, String message) {
        return new DockerfileException(flag.value().position(), flag.value().raw(), "RUN --mount: " + message);
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
                    "RUN --security=insecure is not allowed: give the build the entitlement " + RunOptions.INSECURE);
        }
        RunNetwork network = switch (run.network()) {
            case DEFAULT -> options.network();
            case NONE -> RunNetwork.NONE;
            case HOST -> RunNetwork.HOST;
        };
        if (network.equals(RunNetwork.HOST)
                && !options.network().equals(RunNetwork.HOST)
                && !options.allowed().contains(RunOptions.HOST_NETWORK)) {
            throw new DockerfileException(
                    run.position(),
                    run.source(),
                    "RUN --network=host is not allowed: give the build the network host, or the entitlement "
                            + RunOptions.HOST_NETWORK);
        }
        return new Sandbox(
                network,
                run.insecure(),
                run.devices(),
                options.allowed(),
                options.hosts(),
                options.shmBytes(),
                options.limits());
    }
}
