package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.context.ImagePaths;
import dev.wherry.daemon.builder.context.NamedContexts;
import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Cmd;
import dev.wherry.daemon.builder.dockerfile.instruction.Entrypoint;
import dev.wherry.daemon.builder.dockerfile.instruction.Env;
import dev.wherry.daemon.builder.dockerfile.instruction.Expose;
import dev.wherry.daemon.builder.dockerfile.instruction.Healthcheck;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Label;
import dev.wherry.daemon.builder.dockerfile.instruction.OnBuild;
import dev.wherry.daemon.builder.dockerfile.instruction.StopSignal;
import dev.wherry.daemon.builder.dockerfile.instruction.UserInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.VolumeInstruction;
import dev.wherry.daemon.builder.dockerfile.instruction.Workdir;
import dev.wherry.daemon.builder.dockerfile.text.DockerfileException;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.image.ImageConfig;
import dev.wherry.daemon.image.Platform;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;

/** Instructions that are given outside a Dockerfile to change the config of an image that is being made. */
public final class ConfigChanges {

    private static final String NAME = "change";

    private ConfigChanges() {}

    /**
     * Reads instructions, each on a line of its own, that change the config only.
     *
     * @throws InvalidInputException when one is malformed or does more
     */
    public static UnaryOperator<ImageConfig> parse(List<String> changes) {
        for (String change : changes) {
            check(change);
        }
        return config -> apply(changes, config);
    }

    private static void check(String change) {
        try {
            Dockerfile parsed = parseOne(change);
            if (parsed.stages().size() != 1
                    || parsed.stages().getFirst().instructions().size() != 1) {
                throw new InvalidInputException(NAME + " takes one instruction, not \"" + change + "\"");
            }
            Instruction instruction = parsed.stages().getFirst().instructions().getFirst();
            boolean allowed = instruction instanceof Cmd
                    || instruction instanceof Entrypoint
                    || instruction instanceof Env
                    || instruction instanceof Expose
                    || instruction instanceof Healthcheck
                    || instruction instanceof Label
                    || instruction instanceof OnBuild
                    || instruction instanceof UserInstruction
                    || instruction instanceof Workdir
                    || instruction instanceof VolumeInstruction
                    || instruction instanceof StopSignal;
            if (!allowed) {
                throw new InvalidInputException(
                        NAME + " \"" + change
                                + "\" does not change the config: use CMD, ENTRYPOINT, ENV, EXPOSE, HEALTHCHECK, LABEL, ONBUILD, STOPSIGNAL, USER, VOLUME or WORKDIR");
            }
        } catch (DockerfileException failure) {
            throw new InvalidInputException(NAME + " \"" + change + "\": " + failure.problem());
        }
    }

    private static Dockerfile parseOne(String change) {
        return Dockerfile.parse(NAME, ("FROM scratch\n" + change + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static ImageConfig apply(List<String> changes, ImageConfig config) {
        Step step = Step.of(NAME);
        StageState state = StageState.of(Vertex.Source.scratch(step), config);
        try {
            for (String change : changes) {
                Dockerfile parsed = parseOne(change);
                Stage stage = parsed.stages().getFirst();
                Instruction instruction = stage.instructions().getFirst();
                if (instruction instanceof Workdir workdir) {
                    state.workingDir = ImagePaths.absolute(
                            state.workingDir(), workdir.path().expand(state.scope()));
                } else {
                    new StageReader(planner(parsed), stage, state).read(instruction, step);
                }
            }
        } catch (DockerfileException failure) {
            throw new InvalidInputException(NAME + ": " + failure.problem());
        }
        // Docker marks what a build made, and nothing else.
        state.argsEscaped = config.config().argsEscaped();
        return new ImageConfig(
                config.created(),
                config.author(),
                config.architecture(),
                config.variant(),
                config.os(),
                config.osVersion(),
                state.config(),
                config.rootfs(),
                config.history());
    }

    private static Planner planner(Dockerfile parsed) {
        return new Planner(parsed, PlanOptions.DEFAULT, null, NamedContexts.NONE, Platform.host());
    }
}
