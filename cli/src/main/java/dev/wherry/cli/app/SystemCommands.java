package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.CONTAINER_OR_IMAGE;

import dev.wherry.cli.command.login.LoginCommand;
import dev.wherry.cli.command.login.LogoutCommand;
import dev.wherry.cli.command.system.CompletionCommand;
import dev.wherry.cli.command.system.EventsCommand;
import dev.wherry.cli.command.system.InfoCommand;
import dev.wherry.cli.command.system.InspectCommand;
import dev.wherry.cli.command.system.SystemDiskUsageCommand;
import dev.wherry.cli.command.system.SystemPruneCommand;
import dev.wherry.cli.command.system.VersionCommand;

/** Descriptors of the commands that work on the daemon as a whole, on any object, or on the shell. */
final class SystemCommands {
    static final CommandDescriptor EVENTS = CommandDescriptor.of(
            EventsCommand::new,
            "Get real time events from the server",
            "[OPTIONS]",
            "wherry events",
            "wherry events --since 10m --until 0s",
            "wherry events -f container=web -f event=die --format '{{.Actor.Attributes.exitCode}}'");

    static final CommandDescriptor INFO = CommandDescriptor.of(
                    InfoCommand::new,
                    "Display system-wide information",
                    "[OPTIONS]",
                    "wherry info",
                    "wherry info -f '{{.Images}}'")
            .details(
                    "Programs that the daemon needs and cannot find on the host are named, with the way to install them.");

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectCommand::new,
                    "Return low-level information on containers, images, volumes and networks",
                    "[OPTIONS] NAME|ID [NAME|ID...]",
                    "wherry inspect web",
                    "wherry inspect --type image -f '{{.Config.Env}}' app")
            .completes(CONTAINER_OR_IMAGE);

    static final CommandDescriptor DISK_USAGE = CommandDescriptor.of(
                    SystemDiskUsageCommand::new,
                    "Show disk usage",
                    "[OPTIONS]",
                    "wherry system df",
                    "wherry system df -v",
                    "wherry system df --format '{{.Type}}: {{.Reclaimable}}'")
            .details(
                    "RECLAIMABLE is what removing the objects that are not in use would free. A layer that several images"
                            + " have is counted once.");

    static final CommandDescriptor PRUNE = CommandDescriptor.of(
                    SystemPruneCommand::new,
                    "Remove unused data",
                    "[OPTIONS]",
                    "wherry system prune",
                    "wherry system prune -af --volumes",
                    "wherry system prune --filter until=24h")
            .details("Stopped containers, networks that no container uses, dangling images and the build cache that no"
                    + " image uses are removed; with --all every image that no container uses, and the whole build cache."
                    + " A filter by label leaves the build cache as it is, since its records have no labels.");

    static final CommandDescriptor VERSION = CommandDescriptor.of(
                    VersionCommand::new,
                    "Show the Wherry version information",
                    "[OPTIONS]",
                    "wherry version",
                    "wherry version -f '{{.Server.Version}}'")
            .details("The versions of the client, of the daemon and of the programs that the daemon runs are shown.");

    static final CommandDescriptor COMPLETION = CommandDescriptor.of(
                    CompletionCommand::new,
                    "Generate the autocompletion script for the specified shell",
                    "bash|zsh|fish",
                    "source <(wherry completion bash)",
                    "wherry completion zsh > /usr/local/share/zsh/site-functions/_wherry",
                    "wherry completion fish > ~/.config/fish/completions/wherry.fish")
            .details("The script completes commands, flags, and the names of containers and images.");

    static final CommandDescriptor LOGIN = CommandDescriptor.of(
                    LoginCommand::new,
                    "Authenticate to a registry",
                    "[OPTIONS] [SERVER]",
                    "wherry login registry.example.com",
                    "echo \"$TOKEN\" | wherry login -u ann --password-stdin localhost:5000")
            .details(
                    "Defaults to Docker Hub if no server is specified. The login is kept where docker keeps its own, in"
                            + " ~/.docker/config.json or a credential helper, and goes to the daemon with each call that needs it.");

    static final CommandDescriptor LOGOUT = CommandDescriptor.of(
                    LogoutCommand::new,
                    "Log out from a registry",
                    "[SERVER]",
                    "wherry logout",
                    "wherry logout localhost:5000")
            .details("If no server is specified, the default is Docker Hub.");

    private SystemCommands() {}
}
