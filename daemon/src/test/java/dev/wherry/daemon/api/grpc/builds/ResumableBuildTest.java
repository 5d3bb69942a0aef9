package dev.wherry.daemon.api.grpc.builds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.v1.BuildAcknowledgement;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.StepOutput;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ResumableBuildTest {

    private static final String ANN = "user 1000";
    private static final int LARGE = 60 << 10;

    private final List<Thread> threads = new ArrayList<>();
    private ResumableBuilds builds = new ResumableBuilds(Duration.ofSeconds(60));

    @AfterEach
    void endAll() {
        threads.forEach(Thread::interrupt);
    }

    private interface Work {
        void run(ResumableBuild build) throws Exception;
    }

    /** A build of Ann, that does this. */
    private ResumableBuild begin(FakeLink link, Work work) {
        ResumableBuild build = builds.open(ANN);
        CountDownLatch known = new CountDownLatch(1);
        Thread thread = start(() -> {
            try {
                known.await();
                work.run(build);
                build.ended(Optional.empty());
            } catch (Exception failure) {
                build.ended(Optional.of(failure));
            }
        });
        build.runsOn(thread);
        known.countDown();
        start(() -> link.carriedBy(() -> build.begin(link)));
        return build;
    }

    private FakeLink resume(ResumableBuild build, long received) {
        FakeLink link = new FakeLink();
        start(() -> link.carriedBy(() -> build.resume(link, received)));
        return link;
    }

    private Thread start(Runnable task) {
        Thread thread = Thread.startVirtualThread(task);
        threads.add(thread);
        return thread;
    }

    private static BuildEvent event(int number, int size) {
        return BuildEvent.newBuilder()
                .setOutput(StepOutput.newBuilder().setStep(number).setData(ByteString.copyFrom(new byte[size])))
                .build();
    }

    private static BuildRequest request(int number, int size) {
        return BuildRequest.newBuilder()
                .setDockerfile(ByteString.copyFromUtf8(number + ":").concat(ByteString.copyFrom(new byte[size])))
                .build();
    }

    private static int number(BuildRequest request) {
        String text = request.getDockerfile().toStringUtf8();
        return Integer.parseInt(text, 0, text.indexOf(':'), 10);
    }

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void bothSidesSeeTheSameWhereverConnectionsAreCut(int seed) throws Exception {
        Random random = new Random(seed);
        int size = random.nextInt(3) == 0 ? LARGE : random.nextInt(2000);
        int events = 50 + random.nextInt(size > 2000 ? 150 : 1500);
        int requests = 50 + random.nextInt(size > 2000 ? 150 : 1500);
        List<Integer> taken = new ArrayList<>();
        FakeLink first = new FakeLink();
        ResumableBuild build = begin(first, talk -> {
            Thread sender = start(() -> {
                try {
                    for (int i = 0; i < events; i++) {
                        talk.send(event(i, size));
                    }
                } catch (InterruptedException end) {
                    // The test has failed.
                }
            });
            for (int i = 0; i < requests; i++) {
                taken.add(number(talk.next().orElseThrow()));
            }
            sender.join();
            throw new InvalidInputException("the end");
        });

        FakeClient client = new FakeClient(first, random, requests, size);
        while (!client.talk()) {
            // What this connection carries no more may have arrived or not.
            client.connected(resume(build, client.received.size()));
        }

        assertThat(client.received).isEqualTo(IntStream.range(0, events).boxed().toList());
        assertThat(taken).isEqualTo(IntStream.range(0, requests).boxed().toList());
        assertThat(client.end()).isInstanceOf(InvalidInputException.class).hasMessage("the end");
    }

    @Test
    void aBuildWithoutConnectionGoesOnUntilItNeedsItsClient() throws Exception {
        FakeLink first = new FakeLink();
        CountDownLatch lost = new CountDownLatch(1);
        CountDownLatch sent = new CountDownLatch(1);
        ResumableBuild build = begin(first, talk -> {
            lost.await();
            talk.send(event(0, 10));
            sent.countDown();
            talk.send(event(number(talk.next().orElseThrow()), 10));
        });
        assertThat(first.take().getSession().getToken().size()).isEqualTo(32);
        first.cut();
        first.awaitEnd();
        lost.countDown();
        sent.await();

        FakeLink second = resume(build, 0);

        assertThat(second.take().getResumed().getReceived()).isZero();
        assertThat(second.takeCounted().getOutput().getStep()).isZero();
        second.arrive(request(7, 10));
        assertThat(second.takeCounted().getOutput().getStep()).isEqualTo(7);
        assertThat(second.awaitEnd()).isEmpty();
    }

    @Test
    void aBuildThatSaysMuchWaitsForItsClient() throws Exception {
        FakeLink first = new FakeLink();
        AtomicBoolean done = new AtomicBoolean();
        ResumableBuild build = begin(first, talk -> {
            for (int i = 0; i < 200; i++) {
                talk.send(event(i, LARGE));
            }
            done.set(true);
        });
        first.take();
        first.cut();
        first.awaitEnd();
        await().until(() -> build.cost() >= SentEvents.MOST);
        assertThat(build.cost()).isLessThan(SentEvents.MOST + 2 * LARGE);
        assertThat(done).isFalse();

        FakeLink second = resume(build, 0);
        second.take();
        for (int i = 0; i < 200; i++) {
            assertThat(second.takeCounted().getOutput().getStep()).isEqualTo(i);
            second.arrive(acknowledgement(i + 1));
        }

        assertThat(second.awaitEnd()).isEmpty();
    }

    private static BuildRequest acknowledgement(long received) {
        return BuildRequest.newBuilder()
                .setAcknowledgement(BuildAcknowledgement.newBuilder().setReceived(received))
                .build();
    }

    @Test
    void aBuildWhoseClientDoesNotComeBackIsCancelledAndForgotten() throws Exception {
        builds = new ResumableBuilds(Duration.ofMillis(200));
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeLink first = new FakeLink();
        begin(first, untilInterrupted(interrupted));
        first.take();

        first.cut();

        interrupted.await();
        await().until(() -> builds.size() == 0);
    }

    private static Work untilInterrupted(CountDownLatch interrupted) {
        return talk -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException cancelled) {
                interrupted.countDown();
                throw cancelled;
            }
        };
    }

    @Test
    void aClientThatEndsTheCallCancelsAtOnce() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        FakeLink first = new FakeLink();
        ResumableBuild build = begin(first, untilInterrupted(interrupted));
        first.take();

        first.cancel();

        interrupted.await();
        assertThat(first.awaitEnd()).containsInstanceOf(CancelledException.class);
        assertThatThrownBy(() -> builds.find(build.token(), ANN)).isInstanceOf(NotFoundException.class);
    }

    @Test
    void anotherConnectionTakesThePlaceOfOneThatSeemsAlive() throws Exception {
        FakeLink first = new FakeLink();
        ResumableBuild build =
                begin(first, talk -> talk.send(event(number(talk.next().orElseThrow()), 10)));
        first.take();

        FakeLink second = resume(build, 0);

        assertThat(first.awaitEnd()).containsInstanceOf(CancelledException.class);
        second.take();
        second.arrive(request(3, 10));
        assertThat(second.takeCounted().getOutput().getStep()).isEqualTo(3);
        assertThat(second.awaitEnd()).isEmpty();
    }

    @Test
    void theEndCanBeHadOnceMore() throws Exception {
        FakeLink first = new FakeLink();
        ResumableBuild build = begin(first, talk -> talk.send(event(0, 10)));
        first.take();
        first.take();
        assertThat(first.awaitEnd()).isEmpty();

        FakeLink second = resume(build, 0);

        assertThat(second.take().hasResumed()).isTrue();
        assertThat(second.takeCounted().getOutput().getStep()).isZero();
        assertThat(second.awaitEnd()).isEmpty();
    }

    @Test
    void theTokenIsGoodForItsClientAlone() {
        ResumableBuild build = builds.open(ANN);

        assertThat(builds.find(build.token(), ANN)).isSameAs(build);
        assertThatThrownBy(() -> builds.find(build.token(), "user 1001"))
                .isInstanceOf(NotFoundException.class)
                .hasMessageContaining("cannot be taken up again");
        assertThatThrownBy(() -> builds.find(ByteString.copyFrom(new byte[32]), ANN))
                .isInstanceOf(NotFoundException.class);
    }

    @Test
    void wrongCountsAndTooManyRequestsEndTheBuild() throws Exception {
        for (int wrong = 0; wrong < 3; wrong++) {
            CountDownLatch interrupted = new CountDownLatch(1);
            FakeLink first = new FakeLink();
            ResumableBuild build = begin(first, untilInterrupted(interrupted));
            first.take();
            switch (wrong) {
                case 0 -> first.arrive(acknowledgement(1));
                case 1 -> IntStream.range(0, 60).forEach(i -> first.arrive(request(i, LARGE)));
                default -> {
                    FakeLink second = resume(build, 5);
                    assertThat(second.awaitEnd()).containsInstanceOf(InvalidInputException.class);
                    first.arrive(acknowledgement(-1));
                    first.cancel();
                }
            }
            interrupted.await();
            first.awaitEnd();
        }
    }

    @Test
    void ofBuildsThatHaveEndedTheLastAreKept() {
        List<ResumableBuild> ended = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            ResumableBuild build = builds.open(ANN);
            ended.add(build);
            build.ended(Optional.empty());
        }

        assertThat(builds.size()).isEqualTo(64);
        assertThat(builds.find(ended.getLast().token(), ANN)).isSameAs(ended.getLast());
    }

    @Test
    void buildsThatHaveEndedAreForgotten() {
        builds = new ResumableBuilds(Duration.ofMillis(100));
        for (int round = 0; round < 2; round++) {
            builds.open(ANN).ended(Optional.empty());
            builds.open("user 2000").ended(Optional.empty());
            assertThat(builds.size()).isEqualTo(2);
            await().until(() -> builds.size() == 0);
        }
    }

    @Test
    void aBuildThatHasEndedKeepsNothingOfItsConnection() throws Exception {
        WeakReference<FakeLink> link = linkOfOneThatHasEnded();
        threads.clear();

        await().until(() -> {
            System.gc();
            return link.refersTo(null);
        });
        assertThat(builds.size()).isEqualTo(1);
    }

    private WeakReference<FakeLink> linkOfOneThatHasEnded() throws Exception {
        FakeLink link = new FakeLink();
        begin(link, _ -> {});
        assertThat(link.awaitEnd()).isEmpty();
        return new WeakReference<>(link);
    }
}
