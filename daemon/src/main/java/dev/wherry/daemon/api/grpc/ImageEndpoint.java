package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.api.json.ImageJson;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.builder.plan.ConfigChanges;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageFilters;
import dev.wherry.daemon.image.ImageName;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.ImageSummary;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.PrunedImages;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.archive.RootfsImporter;
import dev.wherry.daemon.image.copy.Copier;
import dev.wherry.daemon.image.copy.ReferrerListing;
import dev.wherry.daemon.image.pull.Puller;
import dev.wherry.daemon.image.push.PushResult;
import dev.wherry.daemon.image.push.Pusher;
import dev.wherry.daemon.registry.auth.RegistryLogins;
import dev.wherry.v1.CopyImageRequest;
import dev.wherry.v1.HistoryEntry;
import dev.wherry.v1.HistoryRequest;
import dev.wherry.v1.HistoryResponse;
import dev.wherry.v1.ImageService;
import dev.wherry.v1.ImportOptions;
import dev.wherry.v1.ImportRequest;
import dev.wherry.v1.ImportResponse;
import dev.wherry.v1.InspectImageRequest;
import dev.wherry.v1.InspectImageResponse;
import dev.wherry.v1.ListImagesRequest;
import dev.wherry.v1.ListImagesResponse;
import dev.wherry.v1.LoadImagesRequest;
import dev.wherry.v1.LoadImagesResponse;
import dev.wherry.v1.PruneImagesRequest;
import dev.wherry.v1.PruneImagesResponse;
import dev.wherry.v1.PullEvent;
import dev.wherry.v1.PullRequest;
import dev.wherry.v1.PushEvent;
import dev.wherry.v1.PushRequest;
import dev.wherry.v1.RemoveImageRequest;
import dev.wherry.v1.RemoveImageResponse;
import dev.wherry.v1.SaveImagesRequest;
import dev.wherry.v1.SaveImagesResponse;
import dev.wherry.v1.TagRequest;
import dev.wherry.v1.TagResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;

/** Images over the API. */
@GrpcService
final class ImageEndpoint implements ImageService {

    private final CallRunner calls;
    private final ImageStore images;
    private final ManifestTrees trees;
    private final ImageFilters filters;
    private final Puller puller;
    private final Pusher pusher;
    private final Copier copier;
    private final ReferrerListing referrers;
    private final RootfsImporter importer;
    private final ArchiveCalls archives;

    ImageEndpoint(
            CallRunner calls,
            ImageStore images,
            ManifestTrees trees,
            ImageFilters filters,
            Puller puller,
            Pusher pusher,
            Copier copier,
            ReferrerListing referrers,
            RootfsImporter importer,
            ArchiveCalls archives) {
        this.calls = calls;
        this.images = images;
        this.trees = trees;
        this.filters = filters;
        this.puller = puller;
        this.pusher = pusher;
        this.copier = copier;
        this.referrers = referrers;
        this.importer = importer;
        this.archives = archives;
    }

    @Override
    public Multi<PullEvent> pull(PullRequest request) {
        return calls.stream(out -> {
            RegistryLogins logins = LoginMessages.logins(request.getLoginsList());
            Reference asked = RequestField.read("reference", () -> Reference.parse(request.getReference()));
            List<Reference> references = request.getAllTags() ? puller.tags(asked, logins) : List.of(asked);
            List<Platform> platforms = RequestField.read("platform", () -> Platform.parseAll(request.getPlatform()));
            PullEvents events = new PullEvents(out);
            for (Reference reference : references) {
                events.result(puller.pull(reference, platforms, logins, events));
            }
        });
    }

    @Override
    public Multi<PushEvent> push(PushRequest request) {
        return calls.stream(out -> {
            RegistryLogins logins = LoginMessages.logins(request.getLoginsList());
            Reference asked = RequestField.read("reference", () -> Reference.parse(request.getReference()));
            List<Reference> references = request.getAllTags() ? pusher.tags(asked) : List.of(asked);
            PushEvents events = new PushEvents(out);
            events.message("The push refers to repository [" + asked.name() + "]");
            for (Reference reference : references) {
                PushResult pushed = pusher.push(reference, platform(request.getPlatform()), logins, events);
                if (request.getReferrers()) {
                    copier.copyReferrers(pushed, images.names(reference.toString()), logins, events);
                }
                events.result(pushed);
            }
        });
    }

    @Override
    public Multi<PushEvent> copy(CopyImageRequest request) {
        return calls.stream(out -> {
            PushEvents events = new PushEvents(out);
            Reference source = RequestField.read("source", () -> Reference.parse(request.getSource()));
            Reference target = RequestField.read("target", () -> Reference.parse(request.getTarget()));
            events.message("Copying " + source.familiar() + " to " + target.familiar());
            events.result(copier.copy(
                    source,
                    target,
                    platform(request.getPlatform()),
                    request.getReferrers(),
                    LoginMessages.logins(request.getLoginsList()),
                    events));
        });
    }

    private static Optional<Platform> platform(String text) {
        return text.isEmpty()
                ? Optional.empty()
                : Optional.of(RequestField.read("platform", () -> Platform.parse(text)));
    }

    @Override
    public Uni<ImportResponse> import_(Multi<ImportRequest> requests) {
        return calls.receive(requests, in -> {
            ImportOptions options = in.next()
                    .filter(ImportRequest::hasOptions)
                    .orElseThrow(() -> new InvalidInputException("an import begins with its options"))
                    .getOptions();
            Optional<Reference> reference = options.getReference().isEmpty()
                    ? Optional.empty()
                    : Optional.of(
                            RequestField.read("options.reference", () -> Reference.parse(options.getReference())));
            Image image = importer.importImage(
                    new RequestStream<>(in, request -> request.hasChunk() ? request.getChunk() : ByteString.EMPTY),
                    reference,
                    RequestField.read("options.changes", () -> ConfigChanges.parse(options.getChangesList())),
                    options.getMessage(),
                    platform(options.getPlatform()).orElseGet(Platform::host));
            return ImportResponse.newBuilder().setImageId(image.id().toString()).build();
        });
    }

    @Override
    public Uni<ListImagesResponse> list(ListImagesRequest request) {
        return calls.on(() -> {
            ListImagesResponse.Builder response = ListImagesResponse.newBuilder();
            for (ImageSummary summary : filters.list(FilterMessages.filters(request.getFiltersList()))) {
                dev.wherry.v1.ImageSummary message = ImageMessages.summary(summary);
                response.addImages(
                        request.getManifests()
                                ? message.toBuilder()
                                        .addAllManifests(ManifestMessages.of(trees.of(summary), trees))
                                        .build()
                                : message);
            }
            return response.build();
        });
    }

    @Override
    public Uni<InspectImageResponse> inspect(InspectImageRequest request) {
        return calls.on(() -> {
            Image image = images.resolve(request.getImage(), platform(request.getPlatform()));
            List<ImageName> names = images.names(request.getImage());
            ManifestTree tree = trees.of(request.getImage());
            String json = request.getReferrers()
                    ? ImageJson.of(
                            image,
                            names,
                            tree,
                            referrers.of(tree, names, LoginMessages.logins(request.getLoginsList())))
                    : ImageJson.of(image, names, tree);
            return InspectImageResponse.newBuilder().setJson(json).build();
        });
    }

    @Override
    public Uni<HistoryResponse> history(HistoryRequest request) {
        return calls.on(() -> {
            HistoryResponse.Builder response = HistoryResponse.newBuilder();
            for (var entry : images.history(images.resolve(request.getImage(), platform(request.getPlatform())))) {
                response.addEntries(HistoryEntry.newBuilder()
                        .setImageId(entry.imageId().map(Digest::toString).orElse(""))
                        .setCreatedNanos(Times.nanos(entry.created()))
                        .setCreatedBy(entry.createdBy())
                        .setSizeBytes(entry.size())
                        .setComment(entry.comment())
                        .setEmptyLayer(entry.emptyLayer()));
            }
            return response.build();
        });
    }

    @Override
    public Uni<TagResponse> tag(TagRequest request) {
        return calls.on(() -> {
            Reference target = RequestField.read("target", () -> Reference.parse(request.getTarget()));
            images.tag(request.getSource(), target);
            return TagResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<RemoveImageResponse> remove(RemoveImageRequest request) {
        return calls.on(() -> {
            RemoveImageResponse.Builder response = RemoveImageResponse.newBuilder();
            images.remove(request.getImage(), platform(request.getPlatform()), request.getForce())
                    .forEach(removed -> response.addRemoved(ImageMessages.removed(removed)));
            return response.build();
        });
    }

    @Override
    public Uni<PruneImagesResponse> prune(PruneImagesRequest request) {
        return calls.on(() -> {
            PrunedImages pruned = images.prune(filters.toPrune(FilterMessages.filters(request.getFiltersList())));
            return PruneImagesResponse.newBuilder()
                    .addAllRemoved(pruned.removed().stream()
                            .map(ImageMessages::removed)
                            .toList())
                    .setReclaimedBytes(pruned.bytes())
                    .build();
        });
    }

    @Override
    public Multi<SaveImagesResponse> save(SaveImagesRequest request) {
        return archives.save(request);
    }

    @Override
    public Uni<LoadImagesResponse> load(Multi<LoadImagesRequest> requests) {
        return archives.load(requests);
    }
}
