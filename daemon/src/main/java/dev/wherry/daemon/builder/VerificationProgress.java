package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import java.util.IdentityHashMap;
import java.util.Map;

/** Reports the steps of a second build of the same plan as steps of their own. */
final class VerificationProgress implements BuildProgress {

    private final BuildProgress progress;
    private final Map<Step, Step> again = new IdentityHashMap<>();

    VerificationProgress(BuildProgress progress) {
        this.progress = progress;
    }

    @Override
    public StepProgress step(Step step) {
        synchronized (again) {
            return progress.step(again.computeIfAbsent(step, Step::again));
        }
    }

    @Override
    public void warning(Warning warning) {
        progress.warning(warning);
    }
}
