package dev.wherry.daemon.builder.solver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.wherry.daemon.builder.cache.CacheRecord;
import dev.wherry.daemon.builder.dockerfile.text.Position;
import dev.wherry.daemon.builder.explain.Place;
import dev.wherry.daemon.builder.plan.InstructionOrigin;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.SharedStep.Identity;
import dev.wherry.daemon.builder.solver.SharedStep.Outcome;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.BuildException;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.metadata.Leases;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class InFlightTest {

    private static final Outcome MADE =
            new Outcome(new CacheRecord(new SnapshotId(1), Instant.EPOCH, Duration.ofSeconds(1)), false);

    private final InFlight inFlight = new InFlight(new Leases());
    private final AtomicInteger runs = new AtomicInteger();
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Test
    void twoBuildsRunAStepOnceAndBothSeeItsOutput() throws InterruptedException {
        SharedStep.Member first = join("Dockerfile", false, this::waits);
        SharedStep.Member second = join("other/Dockerfile", false, this::waits);
        go.countDown();

        for (SharedStep.Member member : List.of(first, second)) {
            List<StepLog.Event> events = new CopyOnWriteArrayList<>();
            assertThat(member.follow(events::add)).hasValue(MADE);
            assertThat(events).hasSize(2).first().isInstanceOf(StepLog.Event.Started.class);
            member.leave();
        }
        assertThat(runs).hasValue(1);
        assertThat(first.leads()).isTrue();
        assertThat(second.leads()).isFalse();
    }

    @Test
    void theStepGoesOnWhenTheBuildThatBeganItLeaves() throws InterruptedException {
        SharedStep.Member first = join("Dockerfile", false, this::waits);
        SharedStep.Member second = join("Dockerfile", false, this::waits);
        first.leave();
        go.countDown();
        assertThat(second.follow(event -> {})).hasValue(MADE);
        second.leave();
        assertThat(interrupted.getCount()).isOne();
    }

    @Test
    void theStepEndsWhenTheLastBuildLeaves() throws InterruptedException {
        SharedStep.Member first = join("Dockerfile", false, this::waits);
        SharedStep.Member second = join("Dockerfile", false, this::waits);
        second.leave();
        first.leave();
        interrupted.await();

        SharedStep.Member next = join("Dockerfile", false, this::waits);
        go.countDown();
        assertThat(next.leads()).isTrue();
        assertThat(next.follow(event -> {})).hasValue(MADE);
        assertThat(runs).hasValue(2);
    }

    @Test
    void aStepThatNeedsItsBuildEndsWithItAndIsDoneAnew() throws InterruptedException {
        SharedStep.Member first = join("Dockerfile", true, this::waits);
        SharedStep.Member second = join("Dockerfile", true, this::waits);
        first.leave();
        assertThat(second.follow(event -> {})).isEmpty();
        second.leave();
        assertThat(join("Dockerfile", true, this::waits).leads()).isTrue();
    }

    @Test
    void aFailureIsGivenToAllEachWithItsOwnPlace() throws InterruptedException {
        SharedStep.Work fails = (run, log) -> {
            awaitGo();
            throw new BuildException("Dockerfile", 2, 2, "RUN x", "exit code 3", null);
        };
        SharedStep.Member first = join("Dockerfile", false, fails);
        SharedStep.Member second = join("other/Dockerfile", false, fails);
        go.countDown();
        assertThatThrownBy(() -> first.follow(event -> {})).hasMessage("Dockerfile:2: RUN x: exit code 3");
        assertThatThrownBy(() -> second.follow(event -> {})).hasMessage("other/Dockerfile:2: RUN x: exit code 3");

        assertThat(join("Dockerfile", false, this::waits).leads())
                .as("no later build")
                .isTrue();
    }

    @Test
    void aStepAloneIsJoinedByNobodyAndJoinsNobody() throws InterruptedException {
        SharedStep.Member before = join(identity(false), this::waits);
        SharedStep.Member alone = inFlight.alone(identity(false), step("Dockerfile"), this::waits);
        SharedStep.Member again = inFlight.alone(identity(false), step("Dockerfile"), this::waits);
        SharedStep.Member after = join(identity(false), this::waits);
        go.countDown();
        for (SharedStep.Member member : List.of(before, alone, again, after)) {
            assertThat(member.follow(event -> {})).hasValue(MADE);
            member.leave();
        }
        assertThat(runs).hasValue(3);
        assertThat(alone.leads()).isTrue();
        assertThat(again.leads()).isTrue();
        assertThat(after.leads()).isFalse();
    }

    @Test
    void aBuildWithoutCacheJoinsOnlyOneWithoutCache() throws InterruptedException {
        SharedStep.Member cached = join(identity(false), this::waits);
        SharedStep.Member fresh = join(identity(true), this::waits);
        assertThat(fresh.leads()).isTrue();
        assertThat(join(identity(true), this::waits).leads()).isFalse();
        go.countDown();
        cached.follow(event -> {});
        cached.leave();
        assertThat(join(identity(false), this::waits).leads())
                .as("while the other runs")
                .isFalse();
    }

    private Outcome waits(StepRun run, StepLog log) {
        runs.incrementAndGet();
        log.started();
        log.output(BuildProgress.Stream.STDOUT, new byte[] {'x'});
        awaitGo();
        return MADE;
    }

    private void awaitGo() {
        try {
            go.await();
        } catch (InterruptedException e) {
            interrupted.countDown();
            throw new CancelledException("ended");
        }
    }

    private SharedStep.Member join(String file, boolean bound, SharedStep.Work work) throws InterruptedException {
        Step step = step(file);
        return inFlight.join(identity(false), step, bound, work);
    }

    private SharedStep.Member join(Identity identity, SharedStep.Work work) throws InterruptedException {
        Step step = step("Dockerfile");
        return inFlight.join(identity, step, false, work);
    }

    private static Step step(String file) {
        InstructionOrigin origin = new InstructionOrigin(new Position(file, 2, 1, 2), "RUN x");
        return Step.of("[2/2] RUN x", new Place(2, "stage-0", "RUN x"), origin);
    }

    private static Identity identity(boolean fresh) {
        return new Identity(Digest.sha256("step"), Optional.of(new SnapshotId(7)), fresh);
    }
}
