package dev.wherry.daemon.api.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.access.Callers;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.ShuttingDownException;
import io.grpc.Context;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CallRunnerTest {

    private final CallRunner calls = new CallRunner();

    @Test
    void streamSendsOnlyWhatIsAskedFor() {
        AtomicInteger sent = new AtomicInteger();
        AtomicReference<Thread> sender = new AtomicReference<>();
        AssertSubscriber<Integer> client = calls.<Integer>stream(out -> {
                    sender.set(Thread.currentThread());
                    for (int i = 0; i < 10; i++) {
                        out.send(i);
                        sent.incrementAndGet();
                    }
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(3));

        client.awaitItems(3);
        await().until(() -> sender.get().getState() == Thread.State.WAITING);
        assertThat(sent).hasValue(3);

        client.request(100).awaitCompletion().assertItems(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void streamEndsWithWhatTheCodeThrew() {
        calls.stream(out -> {
                    throw new InvalidInputException("no");
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1))
                .awaitFailure()
                .assertFailedWith(InvalidInputException.class, "no");
    }

    @Test
    void cancelInterruptsCodeThatWaits() {
        AtomicBoolean interrupted = new AtomicBoolean();
        AssertSubscriber<Object> client = calls.stream(out -> {
                    out.send("ready");
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException expected) {
                        interrupted.set(true);
                    }
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
        client.awaitItems(1);

        client.cancel();

        await().untilTrue(interrupted);
    }

    @Test
    void codeThatSendsToAClientThatLeftIsToldSo() {
        AtomicReference<Throwable> told = new AtomicReference<>();
        AssertSubscriber<Integer> client = calls.<Integer>stream(out -> {
                    try {
                        IntStream.iterate(0, i -> i + 1).forEach(i -> send(out, i));
                    } catch (RuntimeException failure) {
                        told.set(failure);
                    }
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
        client.awaitItems(1);

        client.cancel();

        await().untilAsserted(() -> assertThat(told.get()).isInstanceOf(CancelledException.class));
    }

    @Test
    void severalThreadsMaySend() {
        AssertSubscriber<Integer> client = calls.<Integer>stream(out -> {
                    Thread other = Thread.startVirtualThread(
                            () -> IntStream.range(0, 500).forEach(i -> send(out, i)));
                    IntStream.range(0, 500).forEach(i -> send(out, i));
                    other.join();
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(Long.MAX_VALUE));

        assertThat(client.awaitCompletion().getItems()).hasSize(1000);
    }

    @Test
    void readerAsksForLittleMoreThanItTakes() {
        AtomicInteger asked = new AtomicInteger();
        CountDownLatch go = new CountDownLatch(1);
        Multi<Integer> requests = Multi.createFrom().range(0, 1000).onRequest().invoke(n -> asked.addAndGet((int) n));
        var sum = calls.<Integer, Integer>receive(requests, in -> {
                    go.await();
                    int total = 0;
                    for (var next = in.next(); next.isPresent(); next = in.next()) {
                        total += next.get();
                    }
                    return total;
                })
                .subscribeAsCompletionStage();

        assertThat(asked).hasValue(RequestQueue.AHEAD);
        go.countDown();
        assertThat(sum.join()).isEqualTo(499_500);
    }

    @Test
    void readerOfAClientThatLeftIsToldSo() {
        Multi<Integer> requests = Multi.createFrom().failure(new IllegalStateException("gone"));
        var answer =
                calls.<Integer, Object>receive(requests, RequestQueue::next).subscribeAsCompletionStage();

        assertThatThrownBy(answer::join).hasCauseInstanceOf(CancelledException.class);
    }

    @Test
    void endInterruptsEveryCallAndWaitsForIt() throws InterruptedException {
        AtomicBoolean cleaned = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(1);
        calls.on(() -> {
                    running.countDown();
                    try {
                        return waitForever();
                    } finally {
                        cleaned.set(true);
                    }
                })
                .subscribe()
                .with(ignored -> {}, failure -> {});
        running.await();

        calls.end(null);

        assertThat(cleaned).isTrue();
    }

    @Test
    void closeEndsCallsThatWatchAndLetsOthersWork() throws InterruptedException {
        CountDownLatch work = new CountDownLatch(1);
        var watching =
                calls.on(CallRunner.Lasts.WATCH, CallRunnerTest::waitForever).subscribeAsCompletionStage();
        var working = calls.on(() -> {
                    work.await();
                    return "done";
                })
                .subscribeAsCompletionStage();

        calls.close();

        assertThatThrownBy(watching::join)
                .hasCauseInstanceOf(ShuttingDownException.class)
                .hasMessageContaining("wherryd is shutting down");
        assertThat(calls.isClosed()).isTrue();
        assertThat(calls.working()).isEqualTo(1);
        assertThat(calls.awaitEnd(Duration.ofMillis(50))).isFalse();
        work.countDown();
        assertThat(calls.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(working.join()).isEqualTo("done");
    }

    @Test
    void detachedWorkOutlivesItsCallAndIsWaitedFor() throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch carried = new CountDownLatch(1);
        AtomicReference<Throwable> failed = new AtomicReference<>();
        AssertSubscriber<Object> client = calls.<Object, Object>link(
                        Multi.createFrom().nothing(), link -> {
                            link.detach(go::await, failed::set);
                            try {
                                link.next();
                            } finally {
                                carried.countDown();
                            }
                        })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
        await().until(() -> calls.working() == 1);

        client.cancel();

        carried.await();
        calls.close();
        assertThat(calls.working()).isEqualTo(1);
        assertThat(calls.awaitEnd(Duration.ofMillis(50))).isFalse();
        go.countDown();
        assertThat(calls.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(failed).hasValue(null);
    }

    @Test
    void endInterruptsDetachedWork() throws InterruptedException {
        AtomicReference<Throwable> failed = new AtomicReference<>();
        calls.<Object, Object>link(Multi.createFrom().nothing(), link -> {
                    link.detach(CallRunnerTest::waitForever, failed::set);
                    link.next();
                })
                .subscribe()
                .withSubscriber(AssertSubscriber.create(1));
        await().until(() -> calls.working() == 1);

        calls.end(null);

        assertThat(failed.get()).isInstanceOf(ShuttingDownException.class);
    }

    @Test
    void workCancelledByTheEndSaysSo() throws InterruptedException {
        var working = calls.on(CallRunnerTest::waitForever).subscribeAsCompletionStage();

        calls.end(null);

        assertThatThrownBy(working::join).hasMessageContaining("wherryd is shutting down");
    }

    private static long waitForever() throws InterruptedException {
        new CountDownLatch(1).await();
        return 0;
    }

    private static void send(ResponseSender<Integer> out, int item) {
        try {
            out.send(item);
        } catch (InterruptedException interrupted) {
            throw new CancelledException("interrupted");
        }
    }

    @Test
    void codeRunsForTheCallerOfItsCall() throws Exception {
        Caller caller = Callers.operator();
        CallConnection line = new CallConnection(() -> true, Runnable::run, messages -> {}, caller, null);

        Caller found = Context.current()
                .withValue(CallConnection.KEY, line)
                .call(() -> calls.on(Caller::current))
                .await()
                .atMost(Duration.ofSeconds(10));

        assertThat(found).isEqualTo(caller);
        assertThat(calls.on(Caller::current).await().atMost(Duration.ofSeconds(10)))
                .isEqualTo(Caller.DAEMON);
    }
}
