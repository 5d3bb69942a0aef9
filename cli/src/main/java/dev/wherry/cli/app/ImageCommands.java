package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.FILE;
import static dev.wherry.cli.app.ArgumentKind.IMAGE;

import dev.wherry.cli.command.image.HistoryCommand;
import dev.wherry.cli.command.image.ImportCommand;
import dev.wherry.cli.command.image.InspectImageCommand;
import dev.wherry.cli.command.image.ListImagesCommand;
import dev.wherry.cli.command.image.PruneImagesCommand;
import dev.wherry.cli.command.image.PullCommand;
import dev.wherry.cli.command.image.RemoveImagesCommand;
import dev.wherry.cli.command.image.TagCommand;

/** Descriptors of the commands that work on images. */
final class ImageCommands {
    static final CommandDescriptor LIST = CommandDescriptor.of(
                    ListImagesCommand::new,
                    "List images",
                    "[OPTIONS] [REPOSITORY[:TAG]]",
                    "wherry images",
                    "wherry images -q app",
                    "wherry images --format '{{.Repository}}:{{.Tag}} {{.Size}}'")
            .completes(IMAGE);

    static final CommandDescriptor INSPECT = CommandDescriptor.of(
                    InspectImageCommand::new,
                    "Display detailed information on one or more images",
                    "[OPTIONS] IMAGE [IMAGE...]",
                    "wherry image inspect app",
                    "wherry image inspect -f '{{json .Config.Env}}' app")
            .completes(IMAGE);

    static final CommandDescriptor HISTORY = CommandDescriptor.of(
                    HistoryCommand::new,
                    "Show the history of an image",
                    "[OPTIONS] IMAGE",
                    "wherry history app",
                    "wherry history --no-trunc --format '{{.CreatedBy}}' app")
            .details("The instructions that created the image are listed, newest first.")
            .completes(IMAGE);

    static final CommandDescriptor TAG = CommandDescriptor.of(
                    TagCommand::new,
                    "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
                    "SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
                    "wherry tag app app:1.0",
                    "wherry tag 3f2a registry.example.com/team/app:1.0")
            .completes(IMAGE, IMAGE);

    static final CommandDescriptor REMOVE = CommandDescriptor.of(
                    RemoveImagesCommand::new,
                    "Remove one or more images",
                    "[OPTIONS] IMAGE [IMAGE...]",
                    "wherry rmi app:old",
                    "wherry rmi -f $(wherry images -q -f dangling=true)")
            .details("A name is untagged; an image is deleted with its last name.")
            .completes(IMAGE);

    static final CommandDescriptor PULL = CommandDescriptor.of(
                    PullCommand::new,
                    "Download an image from a registry",
                    "[OPTIONS] NAME[:TAG|@DIGEST]",
                    "wherry pull node",
                    "wherry pull --platform linux/arm64 registry.example.com/team/app:1.2")
            .completes(IMAGE);

    static final CommandDescriptor IMPORT = CommandDescriptor.of(
                    ImportCommand::new,
                    "Import the contents from a tarball to create a filesystem image",
                    "[OPTIONS] FILE|- [REPOSITORY[:TAG]]",
                    "wherry import rootfs.tar.gz base",
                    "tar -C rootfs -c . | wherry import --change 'CMD [\"/bin/sh\"]' - base:1")
            .details("The tarball may be compressed with gzip or zstd. Use '-' to read it from standard input.")
            .completes(FILE, IMAGE);

    static final CommandDescriptor PRUNE = CommandDescriptor.of(
                    PruneImagesCommand::new,
                    "Remove unused images",
                    "[OPTIONS]",
                    "wherry image prune",
                    "wherry image prune -af --filter until=168h")
            .details("Images without a name that no container uses are removed, or with --all those with a name too.");

    private ImageCommands() {}
}
