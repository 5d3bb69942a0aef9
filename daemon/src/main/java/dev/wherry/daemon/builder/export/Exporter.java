package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.solver.Workspace;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.ImageDraft;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.IndexDraft;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.snapshot.SnapshotId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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
     * @param results one a platform, in the order of the platforms
     * @param tags references that every image gets
     */
    public ExportedImage export(List<PlatformResult> results, List<Reference> tags, OutputReceiver receiver) {
        boolean wanted = options.outputs().stream().anyMatch(Exporter::wantsImage);
        Optional<IndexDraft> index = wanted
                ? Optional.of(new IndexDraft(
                        results.stream().map(result -> result.draft().get()).toList(),
                        results.stream()
                                .flatMap(result -> result.attestation().get().stream())
                                .toList()))
                : Optional.empty();
        List<Descriptor> manifests = new ArrayList<>();
        List<Reference> names = new ArrayList<>();
        for (int i = 0; i < options.outputs().size(); i++) {
            int place = i;
            switch (options.outputs().get(i)) {
                case Output.Image stored -> {
                    List<Reference> all = Stream.concat(tags.stream(), stored.names().stream())
                            .distinct()
                            .toList();
                    manifests.add(store(index.orElseThrow(), all));
                    names.addAll(all);
                }
                case Output.Archive archive -> {
                    String title = "[export] " + archive.options().format().title();
                    reported(title, () -> {
                        manifests.add(writer.archive(index.orElseThrow(), archive, receiver, place));
                        names.addAll(archive.options().names());
                    });
                }
                case Output.Files _ ->
                    reported(
                            "[export] files",
                            () -> viewed(results, trees -> {
                                receiver.manifest(place).ifPresent(manifest -> writer.files(trees, manifest));
                                writer.files(trees, receiver.files(place));
                            }));
                case Output.Tar _ ->
                    reported(
                            "[export] tar of the files",
                            () -> viewed(results, trees -> writer.tar(trees, receiver.stream(place))));
                case Output.Nothing _ -> {}
            }
        }
        return new ExportedImage(
                index.map(IndexDraft::representative),
                manifests.stream().findFirst(),
                names.stream().distinct().toList());
    }

    private static boolean wantsImage(Output output) {
        return output instanceof Output.Image || output instanceof Output.Archive;
    }

    private Descriptor store(IndexDraft index, List<Reference> names) {
        if (index.isAlone()) {
            ImageDraft draft = index.images().getFirst();
            var image = images.commit(draft, names, "build");
            return new Descriptor(MediaTypes.MANIFEST, image.manifest(), draft.manifestBytes().length);
        }
        images.commit(index, names, "build");
        byte[] bytes = index.documents(names).index();
        return new Descriptor(MediaTypes.INDEX, Digest.sha256(bytes), bytes.length);
    }

    /** Mounts the file systems of all results for a while. */
    private void viewed(List<PlatformResult> results, Consumer<List<ResultTree>> viewer) {
        List<Workspace.Mounted> mounted = new ArrayList<>();
        try {
            List<ResultTree> trees = new ArrayList<>();
            for (PlatformResult result : results) {
                Optional<SnapshotId> top = result.top().get();
                Optional<Path> root = top.map(_ -> {
                    Workspace.Mounted view = workspace.view(top);
                    mounted.add(view);
                    return view.root();
                });
                trees.add(new ResultTree(
                        folder(result, results), root, options.date().seconds()));
            }
            viewer.accept(trees);
        } finally {
            mounted.forEach(Workspace.Mounted::close);
        }
    }

    /** The files of several platforms lie in folders of their own, named as BuildKit names them. */
    private static Optional<String> folder(PlatformResult result, List<PlatformResult> results) {
        return results.size() == 1
                ? Optional.empty()
                : Optional.of(result.platform().toString().replace('/', '_'));
    }

    private void reported(String name, Runnable work) {
        progress.step(Step.of(name)).during(work);
    }
}
