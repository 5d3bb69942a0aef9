package dev.wherry.daemon.api.docker.container;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.Parameters;
import dev.wherry.daemon.api.docker.http.RawConnection;
import dev.wherry.daemon.api.docker.http.ResponseBody;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerActivity;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.State;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.lifecycle.AttachedRun;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.lifecycle.WaitCondition;
import dev.wherry.daemon.container.log.LogRequest;
import dev.wherry.daemon.container.log.Logs;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import jakarta.inject.Singleton;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What of a container lasts: its streams, its log, and the wait for its end. */
@Singleton
final class StreamRoutes implements RouteSource {

    private static final Duration AFTER_HEADERS = Duration.ofMillis(20);
    private static final int LARGEST_INPUT = 32 << 10;

    private final Containers containers;
    private final Lifecycle lifecycle;
    private final Logs logs;
    private final ContainerActivity activity;

    StreamRoutes(Containers containers, Lifecycle lifecycle, Logs logs, ContainerActivity activity) {
        this.activity = activity;
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.logs = logs;
    }

    @Override
    public void addTo(Routes routes) {
        routes.watch("POST", "/containers/{id}/attach", "ContainerService/Attach", this::attach)
                .add("POST", "/containers/{id}/resize", "ContainerService/Attach", this::resize)
                .watch("POST", "/containers/{id}/wait", "ContainerService/Wait", this::await)
                .add(
                        "GET",
                        "/containers/{id}/logs",
                        "ContainerService/Logs",
                        parameters -> parameters.flag("follow") ? Lasts.WATCH : Lasts.WORK,
                        this::logs);
    }

    private void attach(Exchange call) throws InterruptedException {
        Parameters asked = call.parameters();
        Container container = containers.get(call.variable("id"));
        boolean tty = container.settings().request().tty();
        Optional<DetachKeys> keys = tty ? Optional.of(DetachKeys.parse(asked.text("detachKeys"))) : Optional.empty();
        if (container.state() == State.PAUSED) {
            throw new ConflictException(
                    "container " + call.variable("id") + " is paused, unpause the container before attach");
        }
        if (!asked.flag("stream")) {
            try (RawConnection connection = call.hijack(OutputFrames.type(call.version(), tty))) {
                past(container, asked, frames(connection, tty, asked));
            }
            return;
        }
        try (AttachedRun run = lifecycle.attach(container.id(), asked.flag("stdin"));
                RawConnection connection = call.hijack(OutputFrames.type(call.version(), tty))) {
            OutputFrames frames = frames(connection, tty, asked);
            past(container, asked, frames);
            Runnable left = () -> activity.tell(container, "detach", Map.of());
            join(run.streams(), connection, keys, frames, () -> {}, left);
        }
    }

    private static OutputFrames frames(RawConnection connection, boolean tty, Parameters asked) {
        return new OutputFrames(connection.output(), tty, asked.flag("stdout"), asked.flag("stderr"));
    }

    private void past(Container container, Parameters asked, OutputFrames frames) throws InterruptedException {
        if (asked.flag("logs")) {
            // Clients in Python lose what comes together with the headers: a process takes its time, a log is there.
            Thread.sleep(AFTER_HEADERS);
            logs.read(container.id(), LogRequest.ALL, frames);
        }
    }

    /** What a client must not overtake. */
    interface End {
        void await() throws InterruptedException;
    }

    /**
     * Joins a client to a process until the process ends, or the client leaves by its keys.
     *
     * @param end is awaited after the output, before the client sees its end
     * @param left runs when the client leaves by its keys
     */
    static void join(
            Attachment streams,
            RawConnection connection,
            Optional<DetachKeys> keys,
            OutputFrames frames,
            End end,
            Runnable left)
            throws InterruptedException {
        Thread input = Background.start("attach-input", () -> pass(connection, streams, keys, left));
        try {
            streams.copyTo(frames);
            if (!streams.isClosed()) {
                end.await();
            }
        } finally {
            // This closes the connection, in which the thread may be reading.
            input.interrupt();
        }
    }

    /** Passes on what the client sends, whose end is that of the standard input, and detaches when the client has gone. */
    private static void pass(RawConnection from, Attachment to, Optional<DetachKeys> keys, Runnable left) {
        try {
            if (passAll(from.input(), to, keys)) {
                to.closeInput();
                from.awaitGone();
            } else {
                left.run();
            }
            to.close();
        } catch (IOException gone) {
            to.close();
        } catch (InterruptedException ended) {
            // The output has ended first.
        }
    }

    /** Whether all was passed on, and the client did not leave by its keys. */
    private static boolean passAll(InputStream from, Attachment to, Optional<DetachKeys> keys)
            throws IOException, InterruptedException {
        byte[] buffer = new byte[LARGEST_INPUT];
        for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
            if (keys.isEmpty()) {
                to.write(Arrays.copyOf(buffer, count));
                continue;
            }
            ByteArrayOutputStream passed = new ByteArrayOutputStream();
            boolean leaves = keys.get().take(buffer, count, passed);
            to.write(passed.toByteArray());
            if (leaves) {
                return false;
            }
        }
        return true;
    }

    private void resize(Exchange call) {
        Container container = containers.get(call.variable("id"));
        int columns = size(call, "w", "width");
        int rows = size(call, "h", "height");
        if (!container.state().isAlive()) {
            throw new ConflictException("Container " + container.id() + " is not running");
        }
        lifecycle.resize(container.id(), columns, rows);
        call.empty(200);
    }

    /**
     * A size of a terminal, of which docker takes 32 bits.
     *
     * @param meaning as clients know the parameter
     */
    static int size(Exchange call, String name, String meaning) {
        String given = call.parameters().text(name);
        if (!given.matches("-?[0-9]+")) {
            throw resize(name, meaning, given, "invalid syntax");
        }
        BigInteger size = new BigInteger(given);
        if (size.signum() < 0 || size.bitLength() > Integer.SIZE) {
            throw resize(name, meaning, given, "value out of range");
        }
        return size.min(BigInteger.valueOf(Short.MAX_VALUE)).intValue();
    }

    private static InvalidInputException resize(String name, String meaning, String given, String problem) {
        return new InvalidInputException("invalid resize " + meaning + " \"" + given + "\": " + problem).in(name);
    }

    private void await(Exchange call) throws InterruptedException {
        WaitCondition condition = switch (call.parameters().text("condition")) {
            case "", "not-running" -> WaitCondition.NOT_RUNNING;
            case "next-exit" -> WaitCondition.NEXT_EXIT;
            case "removed" -> WaitCondition.REMOVED;
            default ->
                throw new InvalidInputException(
                                "invalid condition: \"" + call.parameters().text("condition") + "\"")
                        .in("condition");
        };
        // Clients start the container when they see the headers: by then the wait must have begun.
        ResponseBody[] out = new ResponseBody[1];
        Exit exit = lifecycle.await(call.variable("id"), condition, () -> out[0] = call.stream(200, Exchange.JSON));
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("StatusCode", exit.code().value());
        // Who waits for the next end, or for the removal, has started it too, and is told there that it could not be.
        if (condition == WaitCondition.NOT_RUNNING && !exit.error().isEmpty()) {
            json.putObject("Error").put("Message", exit.error());
        }
        out[0].line(json.toString());
    }

    private void logs(Exchange call) throws InterruptedException {
        Parameters asked = call.parameters();
        Container container = containers.get(call.variable("id"));
        if (!asked.flag("stdout") && !asked.flag("stderr")) {
            throw new InvalidInputException("Bad parameters: you must choose at least one stream");
        }
        boolean tty = container.settings().request().tty();
        LogRequest wanted = new LogRequest(
                asked.flag("follow"),
                tail(asked),
                asked.flag("timestamps"),
                asked.flag("details"),
                asked.time("since"),
                asked.time("until"));
        logs.requireReadable(container);
        OutputStream out = call.stream(200, OutputFrames.type(call.version(), tty));
        logs.read(container.id(), wanted, new OutputFrames(out, tty, asked.flag("stdout"), asked.flag("stderr")));
    }

    /** As docker has it, what is no number stands for all. */
    private static OptionalInt tail(Parameters asked) {
        String tail = asked.text("tail");
        return tail.matches("[0-9]{1,9}") ? OptionalInt.of(Integer.parseInt(tail)) : OptionalInt.empty();
    }
}
