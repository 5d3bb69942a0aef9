package dev.wherry.daemon.builder.plan;

import dev.wherry.daemon.builder.dockerfile.Dockerfile;
import dev.wherry.daemon.builder.dockerfile.Stage;
import dev.wherry.daemon.builder.dockerfile.instruction.Instruction;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.progress.Step;

/** What the steps of one stage are called: {@code [build 2/6] WORKDIR /app}. */
final class StepNames {

    private final String stage;
    private final String prefix;
    private final int triggers;
    private final int total;

    /**
     * Names for the steps of a stage.
     *
     * @param triggers how many instructions of the base image come between FROM and the rest
     * @param platform what the stage is planned for, where the build is for several; else empty
     */
    StepNames(Dockerfile dockerfile, Stage stage, int triggers, String platform) {
        String name = stage.name().orElse("stage-" + stage.index());
        String named = dockerfile.stages().size() == 1 ? "" : name + " ";
        this.stage = platform.isEmpty() ? name : platform + " " + name;
        this.prefix = platform.isEmpty() ? named : platform + " " + named;
        this.triggers = triggers;
        this.total = stage.instructions().size() + 1 + triggers;
    }

    /** What the stage is called in them. */
    String stage() {
        return stage;
    }

    /** @param number of the instruction in its stage, from 0 for FROM */
    Step of(int id, int number, Instruction instruction) {
        return step(id, number == 0 ? 1 : number + 1 + triggers, "", instruction);
    }

    /** @param number of the trigger among those of the base image, from 0 */
    Step ofTrigger(int id, int number, Instruction instruction) {
        return step(id, number + 2, "ONBUILD ", instruction);
    }

    private Step step(int id, int number, String mark, Instruction instruction) {
        String all = Integer.toString(total);
        String padded = " ".repeat(all.length() - Integer.toString(number).length()) + number;
        String name = "[" + prefix + padded + "/" + all + "] " + mark + instruction.source();
        return Step.of(name, new Place(id, stage, instruction.source()), InstructionOrigin.of(instruction));
    }
}
