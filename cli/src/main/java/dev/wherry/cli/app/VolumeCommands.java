package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.FILE;
import static dev.wherry.cli.app.ArgumentKind.VOLUME;

import dev.wherry.cli.command.volume.CopyVolumeCommand;
import dev.wherry.cli.command.volume.CreateVolumeCommand;
import dev.wherry.cli.command.volume.ExportVolumeCommand;
import dev.wherry.cli.command.volume.ImportVolumeCommand;
import dev.wherry.cli.command.volume.InspectVolumeCommand;
import dev.wherry.cli.command.volume.ListVolumesCommand;
import dev.wherry.cli.command.volume.PruneVolumesCommand;
import dev.wherry.cli.command.volume.RemoveVolumesCommand;

/** Descriptors of the commands that work on volumes. */
final class VolumeCommands {
    static final CommandDescriptor CREATE = CommandDescriptor.of(
                    CreateVolumeCommand::new,
                    "Create a volume",
                    "[OPTIONS] [VOLUME]",
                    "wherry volume create data",
                    "wherry volume create -o type=tmpfs -o device=tmpfs -o o=size=64m scratch",
                    "wherry volume create -o type=nfs -o o=addr=nas.example.com,rw -o device=:/export/media media")
            .details(
                    "Without a name, one is made up, and the volume is anonymous. The file system that the options name"
                            + " is mounted when the first container that uses the volume starts, and unmounted when the last"
                            + " one has stopped.")
            .refuses("availability group limit-bytes required-bytes scope secret sharing topology-preferred"
                    + " topology-required type");

    static final CommandDescriptor LIST = CommandDescriptor.of(
                    ListVolumesCommand::new,
                    "List volumes",
                    "[OPTIONS]",
                    "wherry volume ls",
                    "wherry volume ls -q -f dangling=true",
                    "wherry volume ls --format '{{.Name}}: {{.Size}}'")
            .refuses("cluster");

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectVolumeCommand::new,
                    "Display detailed information on one or more volumes",
                    "[OPTIONS] VOLUME [VOLUME...]",
                    "wherry volume inspect data",
                    "wherry volume inspect -f '{{.Mountpoint}}' data")
            .completes(VOLUME);

    static final CommandDescriptor REMOVE = CommandDescriptor.of(
                    RemoveVolumesCommand::new,
                    "Remove one or more volumes",
                    "[OPTIONS] VOLUME [VOLUME...]",
                    "wherry volume rm data")
            .details("A volume that a container uses, running or not, is not removed.")
            .completes(VOLUME);

    static final CommandDescriptor PRUNE = CommandDescriptor.of(
                    PruneVolumesCommand::new,
                    "Remove unused local volumes",
                    "[OPTIONS]",
                    "wherry volume prune",
                    "wherry volume prune -af --filter label!=keep")
            .details(
                    "Volumes that no container uses are removed: anonymous ones, or with --all those with a name too.");

    static final CommandDescriptor COPY = CommandDescriptor.of(
                    CopyVolumeCommand::new,
                    "Copy files/folders between a volume and the local filesystem",
                    "[OPTIONS] VOLUME:SRC_PATH DEST_PATH|-\n[OPTIONS] SRC_PATH|- VOLUME:DEST_PATH",
                    "wherry volume cp data:/backup.sql .",
                    "wherry volume cp site/. data:/",
                    "wherry volume cp data:/logs - | tar -t")
            .details(
                    "Paths in the volume begin at its root. Containers may use the volume meanwhile. Use '-' as the source"
                            + " to read a tar archive from standard input and extract it to a directory in the volume. Use '-' as"
                            + " the destination to write a tar archive of the volume's files to standard output.")
            .completes(FILE, FILE);

    static final CommandDescriptor EXPORT = CommandDescriptor.of(
                    ExportVolumeCommand::new,
                    "Export a volume's contents as a tar archive",
                    "[OPTIONS] VOLUME",
                    "wherry volume export -o data.tar data",
                    "wherry volume export data | zstd > data.tar.zst")
            .completes(VOLUME);

    static final CommandDescriptor IMPORT = CommandDescriptor.of(
                    ImportVolumeCommand::new,
                    "Import the contents of a tarball into a volume",
                    "VOLUME FILE|-",
                    "wherry volume import data data.tar",
                    "zstd -d < data.tar.zst | wherry volume import copy -")
            .details("The volume is created if it does not exist; files of the tarball replace files of the volume. The"
                    + " tarball may be compressed with gzip or zstd. Use '-' to read it from standard input.")
            .completes(VOLUME, FILE);

    private VolumeCommands() {}
}
