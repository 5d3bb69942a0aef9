package dev.wherry.cli.client.builds;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.client.DaemonChannel;
import dev.wherry.cli.client.HostAddress;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.BuildEvent;
import dev.wherry.v1.BuildOptions;
import dev.wherry.v1.BuildRequest;
import dev.wherry.v1.BuildResult;
import dev.wherry.v1.WantedEntries;
import io.grpc.StatusException;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The call of one build. It reads events while it sends files, so that neither side ever blocks the other.
 * Cancelling ends the call, and with it what the build runs. A lost connection to another host is made again.
 */
public final class BuildCall {
    private final DaemonChannel daemon;
    private final ResumableStream call;
    private final StepSecrets offers;
    private final BuildLogins logins;
    private final AtomicReference<Failure> failure = new AtomicReference<>();

    /**
     * @param offers what steps may ask for
     * @param logins what the build may ask for before it uses a registry
     * @param display told when the connection to a daemon of another host is lost
     */
    public BuildCall(DaemonChannel daemon, StepSecrets offers, BuildLogins logins, LostConnection display) {
        this.daemon = daemon;
        this.offers = offers;
        this.logins = logins;
        this.call = new ResumableStream(BuildConnection.calls(daemon), LostConnection.host(daemon.address()), display);
    }

    /**
     * Builds, and returns when the build has ended.
     *
     * @param contexts the files that the daemon may ask for
     * @param outputs take what is made of the result
     * @param events gets every event that is neither a request nor a part of an output
     * @throws Failure when the build failed, or files could not be sent or written
     */
    public BuildResult run(
            BuildOptions options, ClientContexts contexts, BuildOutputs outputs, Consumer<BuildEvent> events) {
        BuildResult result = null;
        // A platform thread: what starting a program says to the JDK's log is nothing for a virtual one when native.
        try (ExecutorService sender = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("sender").factory())) {
            try (StepAnswers answers = new StepAnswers(offers, logins, call::send)) {
                ContextSenders senders = new ContextSenders(contexts, options.getDockerfile(), call::send);
                call.begin(
                        BuildRequest.newBuilder().setOptions(located(options)).build());
                for (BuildEvent event = call.read(); event != null; event = call.read()) {
                    BuildEvent received = event;
                    switch (event.getEventCase()) {
                        case CONTEXT -> sender.execute(() -> answer(senders, received));
                        case SECRET, AGENT, LOGINS -> sender.execute(() -> answer(answers, received));
                        case MANIFEST -> sender.execute(() -> answer(outputs, received));
                        case OUTPUTS -> outputs.accept(event.getOutputs());
                        case RESULT -> result = event.getResult();
                        case PLAN, STARTED, OUTPUT, DONE, WARNING, PROGRESS, EXPLANATION, SHELL, EVENT_NOT_SET ->
                            events.accept(event);
                        case SESSION, ACKNOWLEDGEMENT, RESUMED -> {}
                    }
                }
            } finally {
                // Also frees a sender that waits to send.
                call.cancel("ended", null);
                sender.shutdownNow();
            }
        } catch (StatusException | InterruptedException e) {
            throw failure.get() != null ? failure.get() : CallFailures.of(e, daemon.address());
        }
        if (result == null) {
            throw new Failure("wherryd ended the build without a result");
        }
        return result;
    }

    /**
     * The options for the daemon that is called. Hosts that are copies of each other have directories of the same path,
     * device and inode, and most hosts have mount namespaces of the same inode: only a daemon of this host may be told
     * that it sees the client's directories.
     */
    private BuildOptions located(BuildOptions options) {
        return daemon.address() instanceof HostAddress.Unix ? options : RemoteOptions.of(options);
    }

    /** Ends the build at once; {@link #run} fails. */
    public void cancel() {
        call.cancel("interrupted", null);
    }

    private void answer(StepAnswers answers, BuildEvent event) {
        try {
            switch (event.getEventCase()) {
                case SECRET -> answers.secret(event.getSecret().getId());
                case LOGINS -> answers.logins(event.getLogins());
                default -> answers.agent(event.getAgent());
            }
        } catch (InterruptedException | StatusException e) {
            // The reader of the events learns the same and reports it.
            call.cancel("steps", e);
        }
    }

    private void answer(BuildOutputs outputs, BuildEvent event) {
        try {
            Optional<WantedEntries> wanted = outputs.compare(event.getManifest());
            if (wanted.isPresent()) {
                call.send(BuildRequest.newBuilder().setWanted(wanted.get()).build());
            }
        } catch (IOException | RuntimeException e) {
            fail("output", e);
        } catch (InterruptedException | StatusException e) {
            // The reader of the events learns the same and reports it.
            call.cancel("output", e);
        }
    }

    private void fail(String what, Exception e) {
        failure.compareAndSet(null, e instanceof Failure f ? f : Failure.of(what + ": " + CallFailures.sentence(e), e));
        call.cancel(what, e);
    }

    private void answer(ContextSenders senders, BuildEvent event) {
        try {
            senders.answer(event.getContext());
        } catch (IOException | RuntimeException e) {
            fail("build context", e);
        } catch (InterruptedException | StatusException e) {
            // The reader of the events learns the same and reports it.
            call.cancel("context", e);
        }
    }
}
