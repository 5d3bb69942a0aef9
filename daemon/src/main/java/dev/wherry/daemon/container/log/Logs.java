package dev.wherry.daemon.container.log;

import dev.wherry.daemon.container.Containers;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.container.state.Container;
import dev.wherry.daemon.container.state.ContainerLayout;
import dev.wherry.daemon.container.state.ContainerTable;
import dev.wherry.daemon.container.state.State;
import dev.wherry.daemon.error.ConflictException;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.runtime.OutputSink;
import java.util.function.BooleanSupplier;

/** Passes on what containers wrote, from wherever their drivers keep it. */
public final class Logs {

    private final ContainerTable table;
    private final Layout layout;
    private final FolderWatch watch = new FolderWatch();

    public Logs(ContainerTable table, Layout layout) {
        this.table = table;
        this.layout = layout;
    }

    /** As {@link Containers#logs}. */
    public void read(Container container, LogRequest request, OutputSink sink) throws InterruptedException {
        LogOptions options = LogOptions.of(container.settings().request().log());
        String attributes = options.attributes(container);
        BooleanSupplier running = () -> table.find(container.id())
                .filter(now -> now.state().isAlive() || now.state() == State.RESTARTING)
                .isPresent();
        switch (options.driver()) {
            case NONE -> throw new ConflictException("configured logging driver does not support reading");
            case JOURNALD -> new JournalReader(container.id(), request, attributes, sink).read(running);
            case JSON_FILE, LOCAL ->
                new LogReader(ContainerLayout.of(layout, container.id()).logs(), request, attributes, sink, watch)
                        .read(running);
        }
    }
}
