package dev.wherry.cli.app;

import static dev.wherry.cli.app.ArgumentKind.FILE;
import static dev.wherry.cli.app.ArgumentKind.IMAGE;

import dev.wherry.cli.command.image.AnnotateManifestCommand;
import dev.wherry.cli.command.image.CopyImageCommand;
import dev.wherry.cli.command.image.CreateManifestListCommand;
import dev.wherry.cli.command.image.HistoryCommand;
import dev.wherry.cli.command.image.ImportCommand;
import dev.wherry.cli.command.image.InspectImageCommand;
import dev.wherry.cli.command.image.InspectManifestCommand;
import dev.wherry.cli.command.image.ListImagesCommand;
import dev.wherry.cli.command.image.LoadCommand;
import dev.wherry.cli.command.image.PruneImagesCommand;
import dev.wherry.cli.command.image.PullCommand;
import dev.wherry.cli.command.image.PushCommand;
import dev.wherry.cli.command.image.PushManifestListCommand;
import dev.wherry.cli.command.image.RemoveImagesCommand;
import dev.wherry.cli.command.image.RemoveManifestListsCommand;
import dev.wherry.cli.command.image.SaveCommand;
import dev.wherry.cli.command.image.SearchCommand;
import dev.wherry.cli.command.image.TagCommand;
import dev.wherry.cli.command.image.files.CompareImagesCommand;
import dev.wherry.cli.command.image.files.ImageTreeCommand;
import dev.wherry.cli.command.image.files.ListImageFilesCommand;
import dev.wherry.cli.command.image.files.ReadImageFileCommand;

/** Descriptors of the commands that work on images. */
final class ImageCommands {
    private static final String NUMBERED =
            "IMAGE@3 is the image as it was after its layer 3; layers are counted from the bottom.";

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

    static final CommandDescriptor PUSH = CommandDescriptor.of(
                    PushCommand::new,
                    "Upload an image to a registry",
                    "[OPTIONS] NAME[:TAG]",
                    "wherry push registry.example.com/team/app:1.2",
                    "wherry push -a localhost:5000/app")
            .details("What the registry has is not sent. An upload that broke off goes on where it was.")
            .refuses("disable-content-trust")
            .completes(IMAGE);

    static final CommandDescriptor COPY = CommandDescriptor.of(
                    CopyImageCommand::new,
                    "Copy an image from one registry to another",
                    "[OPTIONS] SOURCE[:TAG|@DIGEST] TARGET[:TAG]",
                    "wherry image copy node:22 registry.example.com/mirror/node:22",
                    "wherry image copy --platform linux/arm64 localhost:5000/app:1 localhost:5000/app:1-arm64")
            .details("Nothing is pulled or unpacked, and the digest stays the same. An index is copied with all that it"
                    + " lists, attestations included. What the target has is not sent.")
            .completes(IMAGE, IMAGE);

    static final CommandDescriptor SEARCH = CommandDescriptor.of(
                    SearchCommand::new,
                    "Search Docker Hub for images",
                    "[OPTIONS] TERM",
                    "wherry search --limit 5 busybox",
                    "wherry search registry.example.com/app")
            .details("A term may begin with the host of another registry. Where that has no search, the names of its"
                    + " repositories are searched.");

    static final CommandDescriptor INSPECT_MANIFEST = CommandDescriptor.of(
                    InspectManifestCommand::new,
                    "Display an image manifest, or manifest list",
                    "[OPTIONS] [MANIFEST_LIST] MANIFEST",
                    "wherry manifest inspect node:22",
                    "wherry manifest inspect --verbose localhost:5000/app")
            .details("A list that 'manifest create' made is shown as it stands. Any other manifest is read in its"
                    + " registry; the image is not pulled.")
            .completes(IMAGE, IMAGE);

    static final CommandDescriptor CREATE_LIST = CommandDescriptor.of(
                    CreateManifestListCommand::new,
                    "Create a local manifest list for annotating and pushing to a registry",
                    "[OPTIONS] MANIFEST_LIST MANIFEST [MANIFEST...]",
                    "wherry manifest create localhost:5000/app:1 localhost:5000/app:1-amd64 localhost:5000/app:1-arm64",
                    "wherry manifest create --amend localhost:5000/app:1 localhost:5000/app:1-arm")
            .details("The manifests are read in their registries, which may differ from that of the list. The daemon"
                    + " keeps the list until it is removed.")
            .completes(IMAGE, IMAGE);

    static final CommandDescriptor ANNOTATE = CommandDescriptor.of(
                    AnnotateManifestCommand::new,
                    "Add additional information to a local image manifest",
                    "[OPTIONS] MANIFEST_LIST MANIFEST",
                    "wherry manifest annotate --arch arm --variant v7 localhost:5000/app:1 localhost:5000/app:1-arm")
            .completes(IMAGE, IMAGE);

    static final CommandDescriptor PUSH_LIST = CommandDescriptor.of(
                    PushManifestListCommand::new,
                    "Push a manifest list to a repository",
                    "[OPTIONS] MANIFEST_LIST",
                    "wherry manifest push localhost:5000/app:1",
                    "wherry manifest push --purge localhost:5000/app:1")
            .details("Manifests of other repositories, or of other registries, are copied into that of the list first.")
            .completes(IMAGE);

    static final CommandDescriptor REMOVE_LISTS = CommandDescriptor.of(
                    RemoveManifestListsCommand::new,
                    "Delete one or more manifest lists from local storage",
                    "MANIFEST_LIST [MANIFEST_LIST...]",
                    "wherry manifest rm localhost:5000/app:1")
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

    static final CommandDescriptor LIST_FILES = CommandDescriptor.of(
                    ListImageFilesCommand::new,
                    "List the files of an image",
                    "[OPTIONS] IMAGE[@LAYER] [PATH]",
                    "wherry image ls-files app /etc",
                    "wherry image ls-files --layer -d 1 app",
                    "wherry image ls-files --format '{{.Layer}} {{.Path}}' app /usr/bin")
            .details("No container is needed. " + NUMBERED)
            .completes(IMAGE);

    static final CommandDescriptor READ_FILE = CommandDescriptor.of(
                    ReadImageFileCommand::new,
                    "Print files of images",
                    "IMAGE[@LAYER]:PATH [IMAGE[@LAYER]:PATH...]",
                    "wherry image cat app:/etc/os-release",
                    "wherry image cat app@2:/app/config.json")
            .details("No container is needed. Links are followed inside the image. " + NUMBERED)
            .completes(IMAGE);

    static final CommandDescriptor COMPARE = CommandDescriptor.of(
                    CompareImagesCommand::new,
                    "Show what differs between two images",
                    "[OPTIONS] IMAGE[@LAYER] IMAGE[@LAYER]\n[OPTIONS] IMAGE@LAYER",
                    "wherry image diff app:1 app:2",
                    "wherry image diff app@3",
                    "wherry image diff app@3 app@5",
                    "wherry image diff --content /etc/passwd app:1 app:2")
            .details("Settings come first, then the files that were added (+), changed (~) or removed (-), under the"
                    + " instruction that made the change. Times of files are not compared. " + NUMBERED
                    + " With one argument, shows what that layer changed.")
            .completes(IMAGE, IMAGE);

    static final CommandDescriptor TREE = CommandDescriptor.of(
                    ImageTreeCommand::new,
                    "Show how the size of an image is made up",
                    "[OPTIONS] IMAGE[@LAYER]",
                    "wherry image tree app",
                    "wherry image tree --depth 2 --top 0 app",
                    "wherry image tree --format json app")
            .details("Layers and folders are shown with their sizes, and the files that a layer stores in vain, because"
                    + " a later layer wrote them again or removed them. " + NUMBERED)
            .completes(IMAGE);

    static final CommandDescriptor SAVE = CommandDescriptor.of(
                    SaveCommand::new,
                    "Save one or more images to a tar archive (streamed to STDOUT by default)",
                    "[OPTIONS] IMAGE [IMAGE...]",
                    "wherry save -o app.tar app:1 app:2",
                    "wherry save app | zstd > app.tar.zst",
                    "wherry save --format oci -o layout/ app")
            .details("The archive is an OCI image layout with what 'docker load' looks for; with --format oci it is the"
                    + " layout alone, and its files are written into a directory if the output is one or ends with a"
                    + " slash. A repository without a tag means all its tags.")
            .completes(IMAGE);

    static final CommandDescriptor LOAD = CommandDescriptor.of(
                    LoadCommand::new,
                    "Load an image from a tar archive or STDIN",
                    "[OPTIONS]",
                    "wherry load -i app.tar",
                    "wherry load -i layout/",
                    "ssh build.example.com wherry save app | wherry load")
            .details("OCI image layouts, also in a directory, and the archives of 'docker save' are understood, plain"
                    + " or compressed with gzip, zstd, xz or bzip2. If the load fails, nothing of the archive is"
                    + " stored.");

    private ImageCommands() {}
}
