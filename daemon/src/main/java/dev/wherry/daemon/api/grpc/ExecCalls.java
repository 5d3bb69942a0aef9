package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.json.ExecJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.api.server.CallRunner.Lasts;
import dev.wherry.daemon.api.server.RequestQueue;
import dev.wherry.daemon.api.server.ResponseSender;
import dev.wherry.daemon.background.Background;
import dev.wherry.daemon.container.Exit;
import dev.wherry.daemon.container.attach.Attachment;
import dev.wherry.daemon.container.exec.Exec;
import dev.wherry.daemon.container.exec.ExecConfig;
import dev.wherry.daemon.container.exec.Execs;
import dev.wherry.daemon.container.stats.ContainerProcesses;
import dev.wherry.daemon.container.stats.Usage;
import dev.wherry.daemon.container.stats.UsageWatch;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import dev.wherry.v1.ContainerStats;
import dev.wherry.v1.ExecOptions;
import dev.wherry.v1.ExecRequest;
import dev.wherry.v1.ExecResponse;
import dev.wherry.v1.InspectExecRequest;
import dev.wherry.v1.InspectExecResponse;
import dev.wherry.v1.StatsRequest;
import dev.wherry.v1.StatsResponse;
import dev.wherry.v1.TopProcess;
import dev.wherry.v1.TopRequest;
import dev.wherry.v1.TopResponse;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Singleton;
import java.util.Optional;

/** What runs in a container beside its first process, and what all of it uses, over the API. */
@Singleton
final class ExecCalls {

    private final CallRunner calls;
    private final Execs execs;
    private final ContainerProcesses processes;
    private final UsageWatch usage;

    ExecCalls(CallRunner calls, Execs execs, ContainerProcesses processes, UsageWatch usage) {
        this.calls = calls;
        this.execs = execs;
        this.processes = processes;
        this.usage = usage;
    }

    Multi<ExecResponse> exec(Multi<ExecRequest> requests) {
        return calls.converse(Lasts.WATCH, requests, (in, out) -> {
            ExecOptions options = in.next()
                    .filter(ExecRequest::hasOptions)
                    .orElseThrow(() -> new InvalidInputException("an exec begins with its options"))
                    .getOptions();
            ExecConfig config = config(options);
            Exec exec = execs.start(execs.create(options.getContainer(), config), config);
            try (Attachment streams = exec.streams()) {
                out.send(ExecResponse.newBuilder().setStarted(exec.id()).build());
                if (!options.getDetach()) {
                    join(exec, streams, in, out);
                }
            }
        });
    }

    private static ExecConfig config(ExecOptions options) {
        return new ExecConfig(
                options.getArgsList(),
                options.getEnvList(),
                options.getWorkingDir(),
                options.getUser(),
                options.getTty(),
                options.getStdin() && !options.getDetach(),
                !options.getDetach(),
                options.getPrivileged(),
                options.getWindow().getColumns(),
                options.getWindow().getRows(),
                "");
    }

    private static void join(
            Exec exec, Attachment streams, RequestQueue<ExecRequest> in, ResponseSender<ExecResponse> out)
            throws InterruptedException {
        Thread input = Background.start("exec-input", () -> takeInput(in, exec));
        try {
            streams.copyTo(new OutputSender<>(
                    out,
                    chunk -> ExecResponse.newBuilder().setStdout(chunk).build(),
                    chunk -> ExecResponse.newBuilder().setStderr(chunk).build()));
            Exit exit = exec.await();
            if (!exit.error().isEmpty()) {
                throw new StartException(exit.code(), exit.error());
            }
            out.send(ExecResponse.newBuilder().setExitCode(exit.code().value()).build());
        } finally {
            input.interrupt();
        }
    }

    private static void takeInput(RequestQueue<ExecRequest> in, Exec exec) {
        try {
            for (Optional<ExecRequest> next = in.next(); next.isPresent(); next = in.next()) {
                ExecRequest request = next.get();
                switch (request.getRequestCase()) {
                    case STDIN -> exec.streams().write(request.getStdin().toByteArray());
                    case STDIN_CLOSED -> exec.streams().closeInput();
                    case RESIZE ->
                        exec.resize(
                                request.getResize().getColumns(),
                                request.getResize().getRows());
                    case SIGNAL -> exec.signal(request.getSignal());
                    case OPTIONS, REQUEST_NOT_SET -> {}
                }
            }
        } catch (InterruptedException | RuntimeException ended) {
            // The process, or the client, has ended; the copying of output tells the client why.
        }
    }

    Uni<InspectExecResponse> inspectExec(InspectExecRequest request) {
        return calls.on(() -> InspectExecResponse.newBuilder()
                .setJson(ExecJson.of(execs.get(request.getExec())))
                .build());
    }

    Uni<TopResponse> top(TopRequest request) {
        return calls.on(() -> {
            ContainerProcesses.Listing listing = processes.list(request.getContainer(), request.getPsArgsList());
            TopResponse.Builder response = TopResponse.newBuilder().addAllTitles(listing.titles());
            listing.rows()
                    .forEach(
                            row -> response.addProcesses(TopProcess.newBuilder().addAllFields(row)));
            return response.build();
        });
    }

    Multi<StatsResponse> stats(StatsRequest request) {
        return calls.stream(
                Lasts.WATCH,
                out -> usage.watch(request.getContainersList(), request.getAll(), request.getOnce(), usages -> {
                    StatsResponse.Builder response = StatsResponse.newBuilder();
                    usages.forEach(one -> response.addContainers(message(one)));
                    out.send(response.build());
                }));
    }

    private static ContainerStats message(Usage usage) {
        return ContainerStats.newBuilder()
                .setId(usage.id())
                .setName(usage.name())
                .setCpuPercent(usage.cpuPercent())
                .setMemoryBytes(usage.memoryBytes())
                .setMemoryLimitBytes(usage.memoryLimitBytes())
                .setNetworkReceivedBytes(usage.networkReceivedBytes())
                .setNetworkSentBytes(usage.networkSentBytes())
                .setBlockReadBytes(usage.blockReadBytes())
                .setBlockWrittenBytes(usage.blockWrittenBytes())
                .setPids(usage.pids())
                .setRunning(usage.running())
                .build();
    }
}
