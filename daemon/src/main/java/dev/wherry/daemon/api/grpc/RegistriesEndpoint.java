package dev.wherry.daemon.api.grpc;

import com.google.protobuf.ByteString;
import dev.wherry.daemon.access.Caller;
import dev.wherry.daemon.api.server.CallRunner;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.registry.FoundRepository;
import dev.wherry.daemon.registry.Registries;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.v1.GetManifestRequest;
import dev.wherry.v1.GetManifestResponse;
import dev.wherry.v1.LoginRequest;
import dev.wherry.v1.LoginResponse;
import dev.wherry.v1.RegistryService;
import dev.wherry.v1.SearchRequest;
import dev.wherry.v1.SearchResponse;
import dev.wherry.v1.SearchResult;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import java.util.List;

/** Registries over the API. */
@GrpcService
final class RegistriesEndpoint implements RegistryService {

    private static final int USUAL_RESULTS = 25;

    private final CallRunner calls;
    private final Registries registries;

    RegistriesEndpoint(CallRunner calls, Registries registries) {
        this.calls = calls;
        this.registries = registries;
    }

    @Override
    public Uni<LoginResponse> login(LoginRequest request) {
        return calls.on(() -> LoginResponse.newBuilder()
                .setIdentityToken(registries.login(
                        request.getLogin().getRegistry(), LoginMessages.logins(List.of(request.getLogin()))))
                .build());
    }

    @Override
    public Uni<SearchResponse> search(SearchRequest request) {
        return calls.on(() -> {
            int limit = request.getLimit() == 0 ? USUAL_RESULTS : request.getLimit();
            SearchResponse.Builder response = SearchResponse.newBuilder();
            for (FoundRepository found :
                    registries.search(request.getTerm(), limit, LoginMessages.logins(request.getLoginsList()))) {
                response.addResults(SearchResult.newBuilder()
                        .setName(found.name())
                        .setDescription(found.description())
                        .setStars(found.stars())
                        .setOfficial(found.official())
                        .setAutomated(found.automated()));
            }
            return response.build();
        });
    }

    @Override
    public Uni<GetManifestResponse> getManifest(GetManifestRequest request) {
        return calls.on(() -> {
            Reference reference = RequestField.read("reference", () -> Reference.parse(request.getReference()));
            Caller.current().requireSource(reference.name());
            RemoteManifest manifest = registries
                    .open(reference.repositoryName(), LoginMessages.logins(request.getLoginsList()))
                    .manifest(reference.selector());
            return GetManifestResponse.newBuilder()
                    .setMediaType(manifest.mediaType())
                    .setDigest(manifest.digest().toString())
                    .setContent(ByteString.copyFrom(manifest.bytes()))
                    .build();
        });
    }
}
