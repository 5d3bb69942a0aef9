package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Makes of the result of one build what its client asked for: an image in the store, files, archives. */
public final class Exporter {

    private final ImageStore images;
    private final OutputWriter writer;
    private final Workspace workspace;
    private final OutputOptions options;
    private final BuildProgress progress;

    public Exporter(
            ImageStore images,
            OutputWriter writer,
            Workspace workspace,
            OutputOptions options,
            BuildProgress progress) {
        this.images = images;
        this.writer = writer;
        this.workspace = workspace;
        this.options = options;
        this.progress = progress;
    }

    /**
     * Makes all outputs in their order.
     *
     * @param top the file system of the result
     * @param draft the image, drawn up when an output wants it
     * @param tags references that every image gets
     */
    public ExportedImage export(
            Optional<SnapshotId> top, Supplier<ImageDraft> draft, List<Reference> tags, OutputReceiver receiver) {
        Optional<ImageDraft> image =
                options.outputs().stream().anyMatch(Exporter::wantsImage) ? Optional.of(draft.get()) : Optional.empty();
        List<Descriptor> manifests = new ArrayList<>();
        List<Reference> names = new ArrayList<>();
        for (int i = 0; i < options.outputs().size(); i++) {
            int place = i;
            switch (options.outputs().get(i)) {
                case Output.Image stored -> {
                    List<Reference> all = Stream.concat(tags.stream(), stored.names().stream())
                            .distinct()
                            .toList();
                    manifests.add(store(image.orElseThrow(), all));
                    names.addAll(all);
                }
                case Output.Archive archive -> {
                    String title = "[export] " + archive.options().format().title();
                    reported(title, () -> {
                        manifests.add(writer.archive(image.orElseThrow(), archive, receiver, place));
                        names.addAll(archive.options().names());
                    });
                }
                case Output.Files _ ->
                    reported(
                            "[export] files",
                            () -> viewed(top, (root, modified) -> writer.files(root, modified, receiver.files(place))));
                case Output.Tar _ ->
                    reported(
                            "[export] tar of the files",
                            () -> viewed(top, (root, modified) -> writer.tar(root, modified, receiver.stream(place))));
                case Output.Nothing _ -> {}
            }
        }
        return new ExportedImage(
                image, manifests.stream().findFirst(), names.stream().distinct().toList());
    }

    private static boolean wantsImage(Output output) {
        return output instanceof Output.Image || output instanceof Output.Archive;
    }

    private Descriptor store(ImageDraft draft, List<Reference> names) {
        var image = images.commit(draft, names, "build");
        return new Descriptor(MediaTypes.MANIFEST, image.manifest(), draft.manifestBytes().length);
    }

    private interface Viewer {
        void see(Optional<Path> root, OptionalLong modified);
    }

    private void viewed(Optional<SnapshotId> top, Viewer viewer) {
        OptionalLong modified = options.date().seconds();
        if (top.isEmpty()) {
            viewer.see(Optional.empty(), modified);
            return;
        }
        try (Workspace.Mounted view = workspace.view(top)) {
            viewer.see(Optional.of(view.root()), modified);
        }
    }

    private void reported(String name, Runnable work) {
        progress.step(Step.of(name)).during(work);
    }
}
