package dev.wherry.daemon.container.lifecycle;

import dev.wherry.daemon.container.Container;
import dev.wherry.daemon.container.ContainerLayout;
import dev.wherry.daemon.container.config.ContainerConfig;
import dev.wherry.daemon.container.config.LogOptions;
import dev.wherry.daemon.container.log.LogAttributes;
import dev.wherry.daemon.runtime.conmon.Conmon.Supervision;
import java.util.List;

/** What conmon is told about a container that it supervises. */
final class ConmonSupervision {

    private ConmonSupervision() {}

    static Supervision of(ContainerLayout files, Container container) {
        ContainerConfig config = container.settings().request();
        LogOptions log = LogOptions.of(config.log());
        return of(
                files,
                config,
                container.name(),
                log.arguments(files.log(container), LogAttributes.tag(log, container)));
    }

    /** Only recognises a running conmon. */
    static Supervision mark(ContainerLayout files) {
        return of(files, ContainerConfig.EMPTY, files.id(), List.of());
    }

    private static Supervision of(ContainerLayout files, ContainerConfig config, String name, List<String> log) {
        return new Supervision(
                files.id(),
                name,
                files.bundle(),
                files.state(),
                files.exits(),
                log,
                config.tty(),
                config.stdinOpen(),
                config.stdinOpen() && (config.tty() || !config.stdinOnce()));
    }
}
