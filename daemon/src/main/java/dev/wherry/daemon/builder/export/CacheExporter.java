package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.cache.CacheStore;
import dev.wherry.daemon.builder.cache.actions.ActionsAccess;
import dev.wherry.daemon.builder.cache.actions.ActionsServices;
import dev.wherry.daemon.builder.cache.remote.ActionsTarget;
import dev.wherry.daemon.builder.cache.remote.CacheDocuments;
import dev.wherry.daemon.builder.cache.remote.CacheSink;
import dev.wherry.daemon.builder.cache.remote.CacheTarget;
import dev.wherry.daemon.builder.cache.remote.FolderTarget;
import dev.wherry.daemon.builder.cache.remote.RegistryTarget;
import dev.wherry.daemon.builder.progress.BuildProgress;
import dev.wherry.daemon.builder.progress.Step;
import dev.wherry.daemon.builder.progress.StepProgress;
import dev.wherry.daemon.builder.progress.Warning;
import dev.wherry.daemon.builder.solver.Solver;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CancelledException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.LayerBlob;
import dev.wherry.daemon.image.archive.LayerBlobs;
import dev.wherry.daemon.image.compression.Compression;
import dev.wherry.daemon.linux.StorageFailure;
import dev.wherry.daemon.metadata.Layout;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.PushTarget;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.daemon.snapshot.LayerDiff;
import dev.wherry.daemon.snapshot.SnapshotId;
import dev.wherry.daemon.snapshot.Snapshotter;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes the steps of a build as a cache for other builds. */
@Singleton
public final class CacheExporter {

    private final ImageStore images;
    private final Snapshotter snapshotter;
    private final ContentStore content;
    private final CacheStore records;
    private final Layout layout;
    private final Registries registries;
    private final ActionsServices actions;

    CacheExporter(
            ImageStore images,
            Snapshotter snapshotter,
            ContentStore content,
            CacheStore records,
            Layout layout,
            Registries registries,
            ActionsServices actions) {
        this.registries = registries;
        this.actions = actions;
        this.images = images;
        this.snapshotter = snapshotter;
        this.content = content;
        this.records = records;
        this.layout = layout;
    }

    /**
     * A build that is done.
     *
     * @param tops the vertices whose file systems are the results
     * @param lease takes hold of what is brought for the cache
     */
    public record Built(List<Vertex> tops, Solver solver, Lease lease) {}

    /**
     * Writes all caches whose place is not the image itself.
     *
     * @param receiver takes the files of a cache in a directory of the client, by its place below -1
     * @param logins asked for those at a cache's registry before it is written
     */
    public void export(
            Built built,
            List<CacheTarget> targets,
            OutputReceiver receiver,
            Function<Reference, RegistryLogins> logins,
            BuildProgress progress) {
        for (int i = 0; i < targets.size(); i++) {
            CacheTarget target = targets.get(i);
            int place = -1 - i;
            switch (target.place()) {
                case CacheTarget.Place.Inline _ -> {}
                case CacheTarget.Place.Folder folder ->
                    reported("exporting cache to client directory", target, progress, step -> {
                        FolderTarget files = new FolderTarget(folder, receiver.files(place));
                        write(built, target, files, step);
                    });
                case CacheTarget.Place.Actions(ActionsAccess access) ->
                    reported(
                            "exporting to GitHub Actions Cache",
                            target,
                            progress,
                            step -> write(
                                    built,
                                    target,
                                    new ActionsTarget(actions.open(access), content, built.lease()),
                                    step));
                case CacheTarget.Place.Registry(Reference reference) ->
                    reported("exporting cache to registry", target, progress, step -> {
                        PushTarget repository = registries.target(reference.repositoryName(), logins.apply(reference));
                        write(
                                built,
                                target,
                                new RegistryTarget(repository, reference.selector(), content, built.lease()),
                                step);
                    });
            }
        }
    }

    private interface Writing {
        void write(StepProgress step);
    }

    private static void reported(String name, CacheTarget target, BuildProgress progress, Writing writing) {
        StepProgress step = progress.step(Step.of(name));
        try {
            step.during(() -> writing.write(step));
        } catch (CancelledException cancelled) {
            throw cancelled;
        } catch (WherryException failure) {
            if (!target.ignoreError()) {
                throw failure;
            }
            progress.warning(Warning.of("", 0, "the cache was not written: " + failure.getMessage()));
        }
    }

    private void write(Built built, CacheTarget target, CacheSink place, StepProgress step) {
        line(step, "preparing build cache for export");
        CacheContents contents = CacheContents.of(built.tops(), built.solver(), snapshotter, records, target.max());
        if (contents.layers().isEmpty()) {
            line(step, "skipping cache export for empty result");
            return;
        }
        try (LayerBlobs compressing = new LayerBlobs(snapshotter, content, layout, target.layers())) {
            Map<Digest, LayerBlob> blobs = blobs(built, contents, target, compressing);
            Map<Digest, Descriptor> described = new LinkedHashMap<>();
            blobs.forEach((diffId, blob) -> described.put(diffId, blob.descriptor()));
            CacheDocuments documents = CacheDocuments.of(contents.steps(), described);
            place.begin();
            for (Digest diffId : documents.layers()) {
                LayerBlob blob = blobs.get(diffId);
                line(step, "writing layer " + blob.descriptor().digest());
                place.layer(blob);
            }
            line(step, "writing config " + documents.configDescriptor().digest());
            place.config(documents.configDescriptor(), documents.config());
            boolean oci = target.layers().ociTypes();
            byte[] manifest = documents.manifest(target.imageManifest(), oci, described);
            String kind = target.imageManifest() ? "image manifest " : "manifest ";
            line(step, "writing cache " + kind + Digest.sha256(manifest));
            place.manifest(
                    new Descriptor(
                            CacheDocuments.mediaType(target.imageManifest(), oci),
                            Digest.sha256(manifest),
                            manifest.length),
                    manifest);
        } catch (IOException failure) {
            throw StorageFailure.of("cannot write the cache", failure);
        }
    }

    private static void line(StepProgress step, String text) {
        step.output(BuildProgress.Stream.STDOUT, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The blob of each layer, by diff ID; those that are nowhere yet are compressed now. */
    private Map<Digest, LayerBlob> blobs(
            Built built, CacheContents contents, CacheTarget target, LayerBlobs compressing) {
        Map<Digest, Descriptor> received =
                new ReceivedBlobs(images, content, built.lease()).of(built.tops(), built.solver());
        Map<Digest, LayerBlob> blobs = new LinkedHashMap<>();
        List<SnapshotId> snapshots = new ArrayList<>();
        List<LayerDiff> diffs = new ArrayList<>();
        contents.layers().forEach((diffId, layer) -> {
            switch (layer) {
                case CacheContents.Layer.Here(SnapshotId snapshot, LayerDiff diff) -> {
                    snapshots.add(snapshot);
                    diffs.add(diff);
                }
                case CacheContents.Layer.Elsewhere elsewhere ->
                    blobs.put(diffId, elsewhere(elsewhere, built.lease(), target));
            }
        });
        List<LayerBlob> here = compressing.of(snapshots, diffs, received);
        for (int i = 0; i < diffs.size(); i++) {
            blobs.put(diffs.get(i).diffId(), here.get(i));
        }
        return blobs;
    }

    /** A layer that goes from one cache to the other as it is. */
    private LayerBlob elsewhere(CacheContents.Layer.Elsewhere layer, Lease lease, CacheTarget target) {
        Descriptor blob = layer.blob();
        String type = Compression.of(blob.mediaType()).mediaType(target.layers().ociTypes());
        LayerBlob stored = LayerBlob.stored(new Descriptor(type, blob.digest(), blob.size()), content);
        return new LayerBlob(stored.descriptor(), out -> {
            layer.source().fetch(lease, blob, _ -> {});
            stored.content().writeTo(out);
        });
    }
}
