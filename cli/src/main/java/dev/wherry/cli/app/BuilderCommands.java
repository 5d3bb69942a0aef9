package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.FOLDER;

import dev.wherry.cli.command.builder.BuildCommand;
import dev.wherry.cli.command.builder.DiskUsageCommand;
import dev.wherry.cli.command.builder.PruneCacheCommand;
import dev.wherry.cli.command.builder.ShellCommand;
import dev.wherry.cli.command.builder.WhyCommand;
import dev.wherry.cli.command.builder.history.BuildLogsCommand;
import dev.wherry.cli.command.builder.history.InspectBuildCommand;
import dev.wherry.cli.command.builder.history.ListBuildsCommand;
import dev.wherry.cli.command.builder.history.RemoveBuildsCommand;

/** Descriptors of the commands that build images, and that look after the build cache and the build history. */
final class BuilderCommands {
    static final CommandDescriptor BUILD = CommandDescriptor.of(
                    BuildCommand::new,
                    "Build an image from a Dockerfile",
                    "[OPTIONS] PATH|URL|-",
                    "wherry build -t app .",
                    "wherry build -t app -f docker/Dockerfile --target test --build-arg VERSION=2 .",
                    "wherry build -o type=oci,dest=app.tar .",
                    "wherry build --cache-to type=local,dest=cache,mode=max --cache-from type=local,src=cache .",
                    "wherry build -q - < Dockerfile",
                    "wherry build -f app/Dockerfile - < context.tar.gz",
                    "wherry build https://github.com/user/app.git#main:docker")
            .completes(FOLDER)
            .refuses("""
                    attest builder cgroup-parent compress
                    cpu-period cpu-quota cpu-shares,c cpuset-cpus cpuset-mems debug,D disable-content-trust force-rm
                    isolation memory,m memory-swap policy provenance push rm sbom security-opt squash
                    """);

    static final CommandDescriptor DISK_USAGE = CommandDescriptor.of(
            DiskUsageCommand::new,
            "Disk usage",
            "[OPTIONS]",
            "wherry builder du",
            "wherry builder du --verbose --filter type=exec.cachemount",
            "wherry builder du --format '{{.ID}} {{.Size}} {{.Description}}'");

    static final CommandDescriptor PRUNE = CommandDescriptor.of(
            PruneCacheCommand::new,
            "Remove build cache",
            "[OPTIONS]",
            "wherry builder prune",
            "wherry builder prune -af",
            "wherry builder prune -f --filter until=24h --max-used-space 10GB");

    static final CommandDescriptor WHY = CommandDescriptor.of(
                    WhyCommand::new,
                    "Explain why a build step missed the cache",
                    "[OPTIONS] [BUILD] [STEP]",
                    "wherry builder why",
                    "wherry builder why ^ 5",
                    "wherry builder why --all --format json")
            .details("BUILD is the ID of a build, a unique prefix of it, or ^ for the build before the last one; the"
                    + " default is the last build. STEP is the number of a step, as in #5; the default is the first"
                    + " step that missed the cache.");

    static final CommandDescriptor SHELL = CommandDescriptor.of(
                    ShellCommand::new,
                    "Open a shell in the files of a build step",
                    "[OPTIONS] [BUILD] [STEP]",
                    "wherry builder shell",
                    "wherry builder shell 5",
                    "wherry builder shell --before ^ 5")
            .details("BUILD is the ID of a build, a unique prefix of it, or ^ for the build before the last one; the"
                    + " default is the last build. STEP is the number of a step, as in #5; the default is the step that"
                    + " failed, or else the last one. A step that failed left no files: the shell has those that it"
                    + " found. The files must still be in the cache. The shell has a copy of them, without the mounts"
                    + " of the step, and its changes are lost when it ends. See also 'wherry build --on-failure'.");

    static final CommandDescriptor LIST = CommandDescriptor.of(
                    ListBuildsCommand::new,
                    "List build records",
                    "[OPTIONS]",
                    "wherry builder history ls",
                    "wherry builder history ls --format '{{.Ref}} {{.Duration}}'")
            .details("Completed builds are listed, newest first.");

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectBuildCommand::new,
                    "Inspect a build record",
                    "[OPTIONS] [BUILD]",
                    "wherry builder history inspect",
                    "wherry builder history inspect ^",
                    "wherry builder history inspect 3f2a --format '{{.Status}} {{.Image}}'")
            .details("The default is the last build.");

    static final CommandDescriptor LOGS = CommandDescriptor.of(
                    BuildLogsCommand::new,
                    "Print the logs of a build record",
                    "[BUILD] [STEP]",
                    "wherry builder history logs",
                    "wherry builder history logs ^ 5")
            .details("The default is all steps of the last build.");

    static final CommandDescriptor REMOVE = CommandDescriptor.of(
                    RemoveBuildsCommand::new,
                    "Remove build records",
                    "[OPTIONS] BUILD [BUILD...]",
                    "wherry builder history rm 3f2a",
                    "wherry builder history rm --all")
            .details("The logs of the builds are removed too; images and build cache are kept.");

    private BuilderCommands() {}
}
