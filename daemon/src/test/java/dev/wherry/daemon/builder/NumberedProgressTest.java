package dev.wherry.daemon.builder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.wherry.daemon.builder.explain.Explanation;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.ProgressReport;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepOrigin;
import dev.wherry.daemon.builder.progress.Warning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NumberedProgressTest {

    private final List<String> reported = new ArrayList<>();
    private final NumberedProgress progress = new NumberedProgress(new Lines());

    private static Step instruction(int number) {
        String source = "RUN " + number;
        return Step.of("[" + number + "/4] " + source, new Place(number, "stage-0", source), StepOrigin.NONE);
    }

    @Test
    void theStepOfAnInstructionHasTheNumberOfItsPlace() {
        progress.planned(2, 4);
        progress.step(instruction(4)).started();
        progress.step(instruction(2)).cached();

        assertThat(reported).containsExactly("2 steps", "4 started [4/4] RUN 4", "2 cached [2/4] RUN 2");
    }

    @Test
    void otherStepsComeBeforeOrAfterThePlan() {
        progress.step(Step.of("context")).started();
        progress.step(Step.of("more context")).started();
        progress.planned(2, 4);
        Step export = Step.of("export");
        progress.step(export).started();
        progress.step(instruction(2).again()).started();
        progress.step(export).ended(Duration.ZERO, Optional.empty());

        assertThat(reported)
                .containsExactly(
                        "0 started context",
                        "-1 started more context",
                        "2 steps",
                        "5 started export",
                        "6 started [again] [2/4] RUN 2",
                        "5 ended ");
    }

    @Test
    void workIsReportedFromItsBeginToItsFailure() {
        RuntimeException failure = new IllegalStateException("no such host");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(
                        () -> progress.step(Step.of("load")).during((Runnable) () -> {
                            throw failure;
                        })))
                .isSameAs(failure);

        assertThat(reported).containsExactly("0 started load", "0 ended no such host");
    }

    @Test
    void aSecondBuildReportsStepsOfItsOwn() {
        progress.planned(2, 4);
        VerificationProgress again = new VerificationProgress(progress);
        Step step = instruction(2);
        again.step(step).started();
        again.step(step).ended(Duration.ZERO, Optional.empty());

        assertThat(reported).containsExactly("2 steps", "5 started [again] [2/4] RUN 2", "5 ended ");
    }

    private final class Lines implements ProgressReport {

        @Override
        public void planned(int steps) {
            reported.add(steps + " steps");
        }

        @Override
        public void started(int step, String name, boolean cached) {
            reported.add(step + (cached ? " cached " : " started ") + name);
        }

        @Override
        public void joined(int step, String name, Duration running) {
            reported.add(step + " joined " + name);
        }

        @Override
        public void output(int step, BuildProgress.Stream stream, byte[] data) {
            reported.add(step + " " + stream);
        }

        @Override
        public void transferred(int step, String item, long current, long total) {
            reported.add(step + " " + item);
        }

        @Override
        public void offered(int step, String shell, String problem) {}

        @Override
        public void ended(int step, Duration duration, Optional<String> error) {
            reported.add(step + " ended " + error.orElse(""));
        }

        @Override
        public void explained(Explanation explanation) {
            reported.add("explained " + explanation.name());
        }

        @Override
        public void warning(Warning warning) {
            reported.add("warning");
        }
    }
}
