package dev.wherry.daemon.builder;

import dev.wherry.daemon.builder.plan.Plan;
import dev.wherry.daemon.builder.plan.PlanNumbers;
import dev.wherry.daemon.builder.plan.PlanOptions;
import dev.wherry.daemon.builder.plan.Planner;
import dev.wherry.daemon.builder.plan.Plans;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.image.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plans a build for each of its platforms. */
final class PlatformPlanner {

    /** Makes a planner for one platform. */
    @FunctionalInterface
    interface Maker {
        Planner of(Platform platform, PlanOptions options, PlanNumbers numbers);
    }

    private final BuildOptions options;
    private final Maker maker;
    private final boolean several;
    private final Planner first;

    PlatformPlanner(BuildOptions options, Maker maker) {
        this.options = options;
        this.maker = maker;
        this.several = options.platforms().size() > 1;
        Optional<Platform> platform = options.platforms().stream().findFirst();
        this.first = maker.of(platform.orElseGet(Platform::host), options.plan(platform), new PlanNumbers(1, several));
    }

    /** The planner for the first platform. */
    Planner first() {
        return first;
    }

    Plans plan(BuildProgress progress) {
        List<Plan> plans = new ArrayList<>(List.of(first.plan(progress)));
        for (Platform platform : options.platforms().stream().skip(1).toList()) {
            PlanNumbers numbers = new PlanNumbers(plans.getLast().last() + 1, several);
            Planner planner = maker.of(platform, options.plan(Optional.of(platform)), numbers);
            plans.add(planner.plan(new WithoutWarnings(progress)));
        }
        return new Plans(plans);
    }

    /** What is wrong for one platform is wrong for all, and is said once. */
    private record WithoutWarnings(BuildProgress progress) implements BuildProgress {

        @Override
        public StepProgress step(Step step) {
            return progress.step(step);
        }

        @Override
        public void warning(Warning warning) {}
    }
}
