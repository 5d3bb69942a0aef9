package dev.wherry.daemon.builder.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.explain.StepEntry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StepChainTest {

    private final List<StepEntry> steps = List.of(
            step(1, "base", "FROM busybox AS base"),
            step(2, "base", "RUN one"),
            step(3, "tools", "FROM --platform=linux/amd64 busybox AS tools"),
            step(4, "tools", "RUN two"),
            step(5, "stage-2", "from BASE"),
            step(6, "stage-2", "COPY --from=tools /a /b"),
            step(7, "stage-2", "RUN three"));

    private static StepEntry step(int number, String stage, String instruction) {
        return new StepEntry(
                new Place(number, stage, instruction),
                instruction,
                Optional.empty(),
                false,
                true,
                Duration.ZERO,
                "",
                0,
                Optional.empty(),
                Optional.empty());
    }

    private List<Integer> to(int number) {
        return StepChain.to(steps.get(number - 1), steps).stream()
                .map(step -> step.place().step())
                .toList();
    }

    @Test
    void aStageGoesBackToItsImage() {
        assertThat(to(4)).containsExactly(4, 3);
        assertThat(to(1)).containsExactly(1);
    }

    @Test
    void aStageOnAnotherStageGoesOnThere() {
        assertThat(to(7)).containsExactly(7, 6, 5, 2, 1);
    }

    @Test
    void instructionsAreKnownInCapitalsAndSmallLetters() {
        assertThat(steps.stream()
                        .filter(StepChain::isFrom)
                        .map(step -> step.place().step()))
                .containsExactly(1, 3, 5);
        assertThat(steps.stream()
                        .filter(StepChain::isRun)
                        .map(step -> step.place().step()))
                .containsExactly(2, 4, 7);
    }
}
