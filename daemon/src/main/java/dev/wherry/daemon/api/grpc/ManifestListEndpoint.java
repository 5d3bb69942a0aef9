package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.image.list.ListedPlatform;
import dev.wherry.daemon.image.list.ManifestList;
import dev.wherry.daemon.image.list.ManifestLists;
import dev.wherry.v1.AnnotateManifestRequest;
import dev.wherry.v1.AnnotateManifestResponse;
import dev.wherry.v1.CreateManifestListRequest;
import dev.wherry.v1.CreateManifestListResponse;
import dev.wherry.v1.InspectManifestListRequest;
import dev.wherry.v1.InspectManifestListResponse;
import dev.wherry.v1.ListedManifest;
import dev.wherry.v1.ManifestListService;
import dev.wherry.v1.PushEvent;
import dev.wherry.v1.PushManifestListRequest;
import dev.wherry.v1.RemoveManifestListRequest;
import dev.wherry.v1.RemoveManifestListResponse;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Manifest lists over the API. */
@GrpcService
final class ManifestListEndpoint implements ManifestListService {

    private final CallRunner calls;
    private final ManifestLists lists;

    ManifestListEndpoint(CallRunner calls, ManifestLists lists) {
        this.calls = calls;
        this.lists = lists;
    }

    @Override
    public Uni<CreateManifestListResponse> create(CreateManifestListRequest request) {
        return calls.on(() -> {
            List<Reference> manifests = RequestField.read(
                    "manifests",
                    () -> request.getManifestsList().stream()
                            .map(Reference::parse)
                            .toList());
            ManifestList list = lists.create(
                    list(request.getList()),
                    manifests,
                    request.getAmend(),
                    LoginMessages.logins(request.getLoginsList()));
            return CreateManifestListResponse.newBuilder()
                    .setList(list.reference().toString())
                    .build();
        });
    }

    @Override
    public Uni<AnnotateManifestResponse> annotate(AnnotateManifestRequest request) {
        return calls.on(() -> {
            lists.annotate(
                    list(request.getList()),
                    RequestField.read("manifest", () -> Reference.parse(request.getManifest())),
                    new ListedPlatform(
                            request.getArchitecture(),
                            request.getOs(),
                            request.getOsVersion(),
                            request.getOsFeaturesList(),
                            request.getVariant()));
            return AnnotateManifestResponse.getDefaultInstance();
        });
    }

    @Override
    public Uni<InspectManifestListResponse> inspect(InspectManifestListRequest request) {
        return calls.on(() -> {
            ManifestList list = lists.get(list(request.getList()));
            return InspectManifestListResponse.newBuilder()
                    .setJson(new String(list.document(), StandardCharsets.UTF_8))
                    .addAllManifests(list.entries().stream()
                            .map(entry -> ListedManifest.newBuilder()
                                    .setReference(entry.reference())
                                    .setDigest(entry.digest().toString())
                                    .build())
                            .toList())
                    .build();
        });
    }

    @Override
    public Multi<PushEvent> push(PushManifestListRequest request) {
        return calls.stream(out -> {
            PushEvents events = new PushEvents(out);
            Reference list = list(request.getList());
            events.result(lists.push(list, LoginMessages.logins(request.getLoginsList()), events, events::result));
            if (request.getPurge()) {
                lists.remove(list);
            }
        });
    }

    @Override
    public Uni<RemoveManifestListResponse> remove(RemoveManifestListRequest request) {
        return calls.on(() -> {
            lists.remove(list(request.getList()));
            return RemoveManifestListResponse.getDefaultInstance();
        });
    }

    private static Reference list(String name) {
        return RequestField.read("list", () -> Reference.parse(name));
    }
}
