package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.json.ContainerJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerFilters;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.CreationCheck;
import dev.wherry.daemon.container.config.LogConfig;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.container.lifecycle.AttachedRun;
import dev.wherry.daemon.container.lifecycle.Lifecycle;
import dev.wherry.daemon.container.lifecycle.Pruned;
import dev.wherry.daemon.container.lifecycle.WaitCondition;
import dev.wherry.daemon.container.log.LogRequest;
import dev.wherry.daemon.container.log.Logs;
import dev.wherry.daemon.container.network.ContainerPort;
import dev.wherry.daemon.container.network.ContainerPorts;
import dev.wherry.daemon.container.stats.ContainerSizes;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.runtime.cgroup.Resources;
import dev.wherry.v1.AttachOptions;
import dev.wherry.v1.AttachReady;
import dev.wherry.v1.AttachRequest;
import dev.wherry.v1.AttachResponse;
import dev.wherry.v1.CommitRequest;
import dev.wherry.v1.CommitResponse;
import dev.wherry.v1.ContainerExit;
import dev.wherry.v1.ContainerService;
import dev.wherry.v1.CopyFromRequest;
import dev.wherry.v1.CopyFromResponse;
import dev.wherry.v1.CopyToRequest;
import dev.wherry.v1.CopyToResponse;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.CreateContainerResponse;
import dev.wherry.v1.DiffRequest;
import dev.wherry.v1.DiffResponse;
import dev.wherry.v1.ExecRequest;
import dev.wherry.v1.ExecResponse;
import dev.wherry.v1.ExportRequest;
import dev.wherry.v1.ExportResponse;
import dev.wherry.v1.InspectContainerRequest;
import dev.wherry.v1.InspectContainerResponse;
import dev.wherry.v1.InspectExecRequest;
import dev.wherry.v1.InspectExecResponse;
import dev.wherry.v1.KillContainerRequest;
import dev.wherry.v1.KillContainerResponse;
import dev.wherry.v1.ListContainersRequest;
import dev.wherry.v1.ListContainersResponse;
import dev.wherry.v1.LogsRequest;
import dev.wherry.v1.LogsResponse;
import dev.wherry.v1.PauseContainerRequest;
import dev.wherry.v1.PauseContainerResponse;
import dev.wherry.v1.PortForwardRequest;
import dev.wherry.v1.PortForwardResponse;
import dev.wherry.v1.PruneContainersRequest;
import dev.wherry.v1.PruneContainersResponse;
import dev.wherry.v1.RemoveContainerRequest;
import dev.wherry.v1.RemoveContainerResponse;
import dev.wherry.v1.RenameContainerRequest;
import dev.wherry.v1.RenameContainerResponse;
import dev.wherry.v1.RestartContainerRequest;
import dev.wherry.v1.RestartContainerResponse;
import dev.wherry.v1.StartContainerRequest;
import dev.wherry.v1.StartContainerResponse;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import dev.wherry.v1.StopContainerRequest;
import dev.wherry.v1.StopContainerResponse;
import dev.wherry.v1.TopRequest;
import dev.wherry.v1.TopResponse;
import dev.wherry.v1.UnpauseContainerRequest;
import dev.wherry.v1.UnpauseContainerResponse;
import dev.wherry.v1.UpdateContainerRequest;
import dev.wherry.v1.UpdateContainerResponse;
import dev.wherry.v1.WaitContainerRequest;
import dev.wherry.v1.WaitContainerResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Containers over the API. */
@GrpcService
final class ContainerEndpoint implements ContainerService {

    private final CallRunner calls;
    private final Containers containers;
    private final Lifecycle lifecycle;
    private final Logs logs;
    private final ContainerJson json;
    private final ContainerSizes sizes;
    private final Execs running;
    private final ExecCalls execs;
    private final FileCalls files;
    private final ContainerFilters filters;
    private final LogConfig logDefaults;
    private final ContainerPorts ports;
    private final ForwardCalls forwards;

    ContainerEndpoint(
            CallRunner calls,
            Containers containers,
            Lifecycle lifecycle,
            Logs logs,
            ContainerJson json,
            ContainerSizes sizes,
            Execs running,
            ExecCalls execs,
            FileCalls files,
            ContainerFilters filters,
            LogConfig logDefaults,
            ContainerPorts ports,
            ForwardCalls forwards) {
        this.calls = calls;
        this.containers = containers;
        this.lifecycle = lifecycle;
        this.logs = logs;
        this.json = json;
        this.sizes = sizes;
        this.running = running;
        this.execs = execs;
        this.files = files;
        this.filters = filters;
        this.logDefaults = logDefaults;
        this.ports = ports;
        this.forwards = forwards;
    }

    @Override
    public Uni<CreateContainerResponse> create(CreateContainerRequest request) {
        return calls.on(() -> {
            ContainerConfig config = CreationMessages.config(request, logDefaults);
            Optional<Platform> platform = Optional.of(request.getPlatform())
                    .filter(text -> !text.isEmpty())
                    .map(text -> RequestField.read("platform", () -> Platform.parse(text)));
            Container container = lifecycle.create(request.getName(), config, platform);
            return CreateContainerResponse.newBuilder()
                    .setId(container.id())
                    .addAllWarnings(CreationCheck.warnings(config))
                    .build();
        });
    }

    @Override
    public Uni<StartContainerResponse> start(StartContainerRequest request) {
        return calls.on(() -> {
            lifecycle.start(request.getContainer());
            return StartContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Multi<AttachResponse> attach(Multi<AttachRequest> requests) {
        return calls.converse(Lasts.WATCH, requests, (in, out) -> {
            AttachOptions options = in.next()
                    .filter(AttachRequest::hasOptions)
                    .orElseThrow(() -> new InvalidInputException("an attachment begins with its options"))
                    .getOptions();
            try (AttachedRun run = lifecycle.attach(options.getContainer(), options.getStdin())) {
                Attachment attachment = run.streams();
                out.send(AttachResponse.newBuilder()
                        .setReady(AttachReady.getDefaultInstance())
                        .build());
                Thread input =
                        Background.start("attach-input", () -> takeInput(in, options.getContainer(), attachment));
                try {
                    attachment.copyTo(new OutputSender<>(
                            out,
                            chunk ->
                                    AttachResponse.newBuilder().setStdout(chunk).build(),
                            chunk ->
                                    AttachResponse.newBuilder().setStderr(chunk).build()));
                    Exit exit = run.awaitExit();
                    out.send(AttachResponse.newBuilder()
                            .setExit(ContainerExit.newBuilder()
                                    .setCode(exit.code().value())
                                    .setError(exit.error()))
                            .build());
                } finally {
                    input.interrupt();
                }
            }
        });
    }

    private void takeInput(RequestQueue<AttachRequest> in, String container, Attachment attachment) {
        try {
            for (Optional<AttachRequest> next = in.next(); next.isPresent(); next = in.next()) {
                AttachRequest request = next.get();
                switch (request.getRequestCase()) {
                    case STDIN -> attachment.write(request.getStdin().toByteArray());
                    case STDIN_CLOSED -> attachment.closeInput();
                    case RESIZE ->
                        lifecycle.resize(
                                container,
                                request.getResize().getColumns(),
                                request.getResize().getRows());
                    case SIGNAL -> signal(container, request.getSignal());
                    case OPTIONS, REQUEST_NOT_SET -> {}
                }
            }
        } catch (InterruptedException | RuntimeException ended) {
            // The streams of the container, or the client, have ended; the copying of output tells the client why.
        }
    }

    /** A signal that comes before the start, or after the end, is lost; what comes after it is not. */
    private void signal(String container, String signal) {
        try {
            lifecycle.kill(container, signal);
        } catch (ConflictException notRunning) {
            // As for a process that is not there any more.
        }
    }

    @Override
    public Uni<WaitContainerResponse> wait(WaitContainerRequest request) {
        return calls.on(Lasts.WATCH, () -> {
            WaitCondition condition = switch (request.getCondition()) {
                case CONDITION_UNSPECIFIED, UNRECOGNIZED -> WaitCondition.NOT_RUNNING;
                case CONDITION_NEXT_EXIT -> WaitCondition.NEXT_EXIT;
                case CONDITION_REMOVED -> WaitCondition.REMOVED;
            };
            Exit exit = lifecycle.await(request.getContainer(), condition);
            return WaitContainerResponse.newBuilder()
                    .setExitCode(exit.code().value())
                    .setError(exit.error())
                    .build();
        });
    }

    @Override
    public Uni<StopContainerResponse> stop(StopContainerRequest request) {
        return calls.on(() -> {
            Optional<Duration> timeout = request.hasTimeoutSeconds()
                    ? Optional.of(Duration.ofSeconds(request.getTimeoutSeconds()))
                    : Optional.empty();
            lifecycle.stop(request.getContainer(), timeout, request.getSignal());
            return StopContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<KillContainerResponse> kill(KillContainerRequest request) {
        return calls.on(() -> {
            lifecycle.kill(request.getContainer(), request.getSignal());
            return KillContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<RemoveContainerResponse> remove(RemoveContainerRequest request) {
        return calls.on(() -> {
            if (request.getForcePod()) {
                lifecycle.removeOfPod(request.getContainer(), request.getForce(), request.getVolumes());
            } else {
                lifecycle.remove(request.getContainer(), request.getForce(), request.getVolumes());
            }
            return RemoveContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<ListContainersResponse> list(ListContainersRequest request) {
        return calls.on(() -> {
            ListContainersResponse.Builder response = ListContainersResponse.newBuilder();
            List<Container> listed = filters.list(
                    request.getAll(), request.getLimit(), FilterMessages.filters(request.getFiltersList()));
            Map<String, List<ContainerPort>> published = ports.of(listed);
            for (Container container : listed) {
                response.addContainers(ContainerMessages.summary(
                        container,
                        published.getOrDefault(container.id(), List.of()),
                        size(container, request.getSize())));
            }
            return response.build();
        });
    }

    @Override
    public Uni<InspectContainerResponse> inspect(InspectContainerRequest request) {
        return calls.on(() -> {
            Container container = containers.get(request.getContainer());
            return InspectContainerResponse.newBuilder()
                    .setJson(json.of(container, size(container, request.getSize()), running.running(container.id())))
                    .build();
        });
    }

    private Optional<ContainerSizes.Size> size(Container container, boolean wanted) {
        return wanted ? Optional.of(sizes.of(container)) : Optional.empty();
    }

    @Override
    public Multi<LogsResponse> logs(LogsRequest request) {
        return calls.stream(request.getFollow() ? Lasts.WATCH : Lasts.WORK, out -> {
            LogRequest wanted = new LogRequest(
                    request.getFollow(),
                    request.hasTail() ? OptionalInt.of(request.getTail()) : OptionalInt.empty(),
                    request.getTimestamps(),
                    request.getDetails(),
                    Times.instant(request.getSinceNanos()),
                    Times.instant(request.getUntilNanos()));
            logs.read(
                    request.getContainer(),
                    wanted,
                    new OutputSender<>(
                            out,
                            chunk -> LogsResponse.newBuilder().setStdout(chunk).build(),
                            chunk -> LogsResponse.newBuilder().setStderr(chunk).build()));
        });
    }

    @Override
    public Uni<RestartContainerResponse> restart(RestartContainerRequest request) {
        return calls.on(() -> {
            Optional<Duration> timeout = request.hasTimeoutSeconds()
                    ? Optional.of(Duration.ofSeconds(request.getTimeoutSeconds()))
                    : Optional.empty();
            lifecycle.restart(request.getContainer(), timeout, request.getSignal());
            return RestartContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<PauseContainerResponse> pause(PauseContainerRequest request) {
        return calls.on(() -> {
            lifecycle.pause(request.getContainer());
            return PauseContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<UnpauseContainerResponse> unpause(UnpauseContainerRequest request) {
        return calls.on(() -> {
            lifecycle.unpause(request.getContainer());
            return UnpauseContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<RenameContainerResponse> rename(RenameContainerRequest request) {
        return calls.on(() -> {
            lifecycle.rename(request.getContainer(), request.getName());
            return RenameContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<UpdateContainerResponse> update(UpdateContainerRequest request) {
        return calls.on(() -> {
            lifecycle.update(
                    request.getContainer(),
                    request.hasResources() ? CreationMessages.resources(request.getResources()) : Resources.DEFAULT,
                    request.hasRestart()
                            ? Optional.of(CreationMessages.restart(request.getRestart()))
                            : Optional.empty());
            return UpdateContainerResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<PruneContainersResponse> prune(PruneContainersRequest request) {
        return calls.on(() -> {
            Pruned pruned = lifecycle.prune(filters.toPrune(FilterMessages.filters(request.getFiltersList())));
            return PruneContainersResponse.newBuilder()
                    .addAllRemoved(pruned.ids())
                    .setReclaimedBytes(pruned.bytes())
                    .build();
        });
    }

    @Override
    public Uni<InspectExecResponse> inspectExec(InspectExecRequest request) {
        return execs.inspectExec(request);
    }

    @Override
    public Uni<TopResponse> top(TopRequest request) {
        return execs.top(request);
    }

    @Override
    public Uni<DiffResponse> diff(DiffRequest request) {
        return files.diff(request);
    }

    @Override
    public Uni<CommitResponse> commit(CommitRequest request) {
        return files.commit(request);
    }

    @Override
    public Multi<ExecResponse> exec(Multi<ExecRequest> requests) {
        return execs.exec(requests);
    }

    @Override
    public Multi<PortForwardResponse> portForward(Multi<PortForwardRequest> requests) {
        return forwards.forward(requests);
    }

    @Override
    public Multi<StatsResponse> stats(StatsRequest request) {
        return execs.stats(request);
    }

    @Override
    public Multi<ExportResponse> export(ExportRequest request) {
        return files.export(request);
    }

    @Override
    public Multi<CopyFromResponse> copyFrom(CopyFromRequest request) {
        return files.copyFrom(request);
    }

    @Override
    public Uni<CopyToResponse> copyTo(Multi<CopyToRequest> requests) {
        return files.copyTo(requests);
    }
}
