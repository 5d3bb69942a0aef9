package dev.wherry.daemon.container.log;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.OutputSink;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Reads the logs of containers from where their log drivers keep them. */
@Singleton
public final class Logs {

    private static final Duration LONGEST_REOPENING = Duration.ofSeconds(5);

    private final Containers containers;
    private final Layout layout;
    private final FolderWatch watch = new FolderWatch();

    public Logs(Containers containers, Layout layout) {
        this.containers = containers;
        this.layout = layout;
    }

    /**
     * Checks that a log can be read at all.
     *
     * @throws ConflictException when the log driver cannot be read
     */
    public void requireReadable(Container container) {
        if (LogOptions.of(container.settings().request().log()).driver() == LogOptions.Driver.NONE) {
            throw notReadable();
        }
    }

    private static ConflictException notReadable() {
        return new ConflictException("configured logging driver does not support reading");
    }

    /**
     * Lets a container that runs go on in a new log file, after somebody has put the present one aside; returns when the
     * new one is there.
     *
     * @throws ConflictException when it does not run
     */
    public void reopen(String reference) throws InterruptedException {
        Container container = containers.get(reference);
        if (!container.state().isAlive()) {
            throw new ConflictException("container " + container.name() + " is not running: its log is not written");
        }
        try {
            LogFiles.reopen(ContainerLayout.of(layout, container.id()).control());
            Path log = LogFiles.of(layout, container).current();
            long end = System.nanoTime() + LONGEST_REOPENING.toNanos();
            while (!Files.exists(log) && System.nanoTime() < end) {
                Thread.sleep(2);
            }
        } catch (IOException failure) {
            throw StorageFailure.of("cannot reopen the log of container " + container.name(), failure);
        }
    }

    /**
     * Writes a container's log to the sink, to its end or, if the request follows, until the run ends that the container
     * is in: as docker has it, a restart ends it too, and clients ask again for the next run alone.
     *
     * @throws dev.wherry.daemon.error.NotFoundException when there is no such container
     * @throws ConflictException when the log driver cannot be read
     */
    public void read(String reference, LogRequest request, OutputSink sink) throws InterruptedException {
        Container container = containers.get(reference);
        LogOptions options = LogOptions.of(container.settings().request().log());
        String attributes = LogAttributes.of(options, container);
        LoggedRun run = run(container);
        switch (options.driver()) {
            case NONE -> throw notReadable();
            case JOURNALD -> new JournalReader(container.id(), request, attributes, sink).read(run);
            case JSON_FILE, LOCAL ->
                new LogReader(LogFiles.of(layout, container), request, attributes, sink, watch).read(run);
        }
    }

    private LoggedRun run(Container container) {
        return new LoggedRun() {
            private Optional<Container> now() {
                return containers.find(container.id());
            }

            @Override
            public boolean goesOn() {
                return now().filter(now -> now.state().isAlive())
                        .filter(now -> now.startedAt().equals(container.startedAt()))
                        .isPresent();
            }

            @Override
            public Instant successor() {
                return now().flatMap(Container::startedAt)
                        .filter(started -> !started.equals(container.startedAt().orElse(started)))
                        .orElse(Instant.MAX);
            }
        };
    }
}
