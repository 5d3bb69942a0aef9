package dev.wherry.daemon.api.docker.container;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.wherry.daemon.api.docker.http.Exchange;
import dev.wherry.daemon.api.docker.http.JsonBody;
import dev.wherry.daemon.api.docker.http.RawConnection;
import dev.wherry.daemon.api.docker.http.RouteSource;
import dev.wherry.daemon.api.docker.http.Routes;
import dev.wherry.daemon.api.json.ExecJson;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.config.ConsoleSize;
import dev.wherry.daemon.container.exec.Exec;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.StartException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Processes in containers, which docker's API makes in one call and starts in another. */
@Singleton
final class ExecRoutes implements RouteSource {

    private final Execs execs;

    ExecRoutes(Execs execs) {
        this.execs = execs;
    }

    @Override
    public void addTo(Routes routes) {
        routes.add("POST", "/containers/{id}/exec", "ContainerService/Exec", this::create)
                .watch("POST", "/exec/{id}/start", "ContainerService/Exec", this::start)
                .add("POST", "/exec/{id}/resize", "ContainerService/Exec", this::resize)
                .add("GET", "/exec/{id}/json", "ContainerService/InspectExec", this::inspect);
    }

    private void create(Exchange call) {
        JsonBody body = call.jsonBody();
        ConsoleSize size = CreateBody.console(body);
        ExecConfig config = new ExecConfig(
                body.texts("Cmd"),
                body.texts("Env"),
                body.text("WorkingDir"),
                body.text("User"),
                body.flag("Tty"),
                body.flag("AttachStdin"),
                body.flag("AttachStdout") || body.flag("AttachStderr") || body.flag("AttachStdin"),
                body.flag("Privileged"),
                size.columns(),
                size.rows(),
                body.text("DetachKeys"));
        DetachKeys.parse(config.detachKeys());
        call.json(
                201,
                JsonNodeFactory.instance
                        .objectNode()
                        .put("Id", execs.create(call.variable("id"), config).id()));
    }

    private void start(Exchange call) throws InterruptedException {
        JsonBody body = call.jsonBody();
        Exec exec = execs.get(call.variable("id"));
        if (body.flag("Detach")) {
            try (Attachment streams =
                    execs.start(exec, exec.config().detached()).streams()) {
                call.empty(200);
            }
            return;
        }
        execs.requireStartable(exec);
        // As docker has it, the start says whether there are frames, whatever the process has.
        boolean tty = body.flag("Tty");
        try (RawConnection connection = call.hijack(OutputFrames.type(call.version(), tty))) {
            run(exec, body, connection, new OutputFrames(connection.output(), tty, true, true));
        }
    }

    private void run(Exec exec, JsonBody body, RawConnection connection, OutputFrames frames)
            throws InterruptedException {
        Optional<DetachKeys> keys =
                exec.config().tty() ? Optional.of(DetachKeys.parse(exec.config().detachKeys())) : Optional.empty();
        try {
            join(execs.start(exec, sized(exec.config(), body)), connection, keys, frames);
        } catch (StartException failure) {
            frames.stdout((failure.getMessage() + "\r\n").getBytes(StandardCharsets.UTF_8));
        }
    }

    private void join(Exec started, RawConnection connection, Optional<DetachKeys> keys, OutputFrames frames)
            throws InterruptedException {
        try (Attachment streams = started.streams()) {
            // Clients ask for the exit code as soon as the stream ends.
            StreamRoutes.join(streams, connection, keys, frames, started::await, () -> execs.left(started));
        }
    }

    /** A size that comes with the start is newer than one that came before. */
    private static ExecConfig sized(ExecConfig config, JsonBody start) {
        ConsoleSize size = CreateBody.console(start);
        return size.equals(ConsoleSize.NONE) ? config : config.sized(size.columns(), size.rows());
    }

    private void resize(Exchange call) {
        Exec exec = execs.get(call.variable("id"));
        int columns = StreamRoutes.size(call, "w", "width");
        int rows = StreamRoutes.size(call, "h", "height");
        if (exec.exit().isPresent()) {
            throw new ConflictException("exec process " + exec.id() + " is not running");
        }
        exec.resize(columns, rows);
        call.empty(200);
    }

    private void inspect(Exchange call) {
        call.json(200, ExecJson.of(execs.get(call.variable("id"))));
    }
}
