package dev.wherry.daemon.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.DeniedException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.registry.auth.TokenScope;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryRequest;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import dev.wherry.daemon.registry.transport.RequestBody;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A repository that is written to (OCI distribution-spec, "Push"): blobs first, then the manifests that name them, and
 * what names manifests last. Writes go to the repository's own registry, never to a mirror. All calls may be made from
 * several threads.
 *
 * <p>All throw {@link DeniedException} when the registry denies access, {@link UnavailableException} when it does not
 * answer or keeps failing, and {@link dev.wherry.daemon.error.CancelledException} when interrupted.
 */
public final class PushTarget {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final RegistryEndpoint endpoint;
    private final RegistryClient client;

    PushTarget(RegistryEndpoint endpoint, RegistryClient client) {
        this.endpoint = endpoint;
        this.client = client;
    }

    /** What became of a blob. */
    public enum Outcome {
        /** The repository had it before. */
        EXISTED,
        /** The registry took it from another of its repositories. */
        MOUNTED,
        /** Its bytes were sent. */
        SENT
    }

    /** Whether the repository has a blob. */
    public boolean has(Digest blob) {
        return Retry.of(endpoint, () -> {
            try (RegistryResponse answer = head("blobs/" + blob, Map.of())) {
                return answer.status() == 200;
            }
        });
    }

    /** The digest of the manifest or index that a tag or digest names; empty where there is none. */
    public Optional<Digest> find(String selector) {
        return Retry.of(endpoint, () -> {
            try (RegistryResponse answer = head("manifests/" + selector, Map.of("Accept", RemoteRepository.ACCEPT))) {
                return answer.status() == 200
                        ? answer.header("Docker-Content-Digest").map(Digest::parse)
                        : Optional.empty();
            }
        });
    }

    private RegistryResponse head(String rest, Map<String, String> headers) throws IOException {
        RegistryRequest request = new RegistryRequest("HEAD", endpoint.uri(rest), headers, RequestBody.NONE);
        return client.send(endpoint, TokenScope.push(endpoint.path()), request);
    }

    /**
     * Sees to it that the repository has a blob; sends its bytes only where it must. An interrupted upload goes on where
     * it was, as far as the registry allows.
     *
     * @param from another repository of this registry that may have it
     * @param sent told how many bytes are sent so far; less than before when they have to be sent again
     * @throws CorruptContentException when the registry finds that the bytes are not what the descriptor says
     */
    public Outcome add(BlobSource blob, Optional<RepositoryName> from, LongConsumer sent) {
        if (has(blob.descriptor().digest())) {
            return Outcome.EXISTED;
        }
        BlobUpload upload = new BlobUpload(client, endpoint, blob, sent);
        boolean mounted = from.isPresent()
                && Retry.of(endpoint, () -> upload.mount(from.get().path()));
        if (mounted) {
            return Outcome.MOUNTED;
        }
        upload.run();
        return Outcome.SENT;
    }

    /** As above, for a blob that no other repository is known to have. */
    public Outcome add(BlobSource blob) {
        return add(blob, Optional.empty(), _ -> {});
    }

    /**
     * Stores a manifest or an index, byte for byte. What it names must be there. If it has a subject, the registry lists it
     * among the subject's referrers from then on.
     *
     * @param selector a tag, or the digest of the bytes
     */
    public Digest put(String selector, String mediaType, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        boolean listed = Retry.of(endpoint, () -> {
            try (RegistryResponse answer = client.write(
                    endpoint,
                    "PUT",
                    endpoint.uri("manifests/" + selector),
                    Map.of("Content-Type", mediaType),
                    RequestBody.of(bytes))) {
                if (answer.status() / 100 != 2) {
                    throw RegistryErrors.unexpected(answer);
                }
                return answer.header("OCI-Subject").isPresent();
            }
        });
        if (!listed) {
            list(new Descriptor(mediaType, digest, bytes.length), bytes);
        }
        return digest;
    }

    /** Lists a manifest among the referrers of its subject, which a registry of older versions does not do itself. */
    private void list(Descriptor manifest, byte[] bytes) {
        Retry.of(endpoint, () -> {
            JsonNode document = JSON.readTree(bytes);
            String subject = document.path("subject").path("digest").asText();
            if (!subject.isEmpty()) {
                new ReferrerList(client, endpoint).add(Digest.parse(subject), manifest, document);
            }
            return null;
        });
    }

    /** As above, for what only its descriptor names. */
    public Descriptor put(String mediaType, byte[] bytes) {
        Digest digest = Digest.sha256(bytes);
        return new Descriptor(mediaType, put(digest.toString(), mediaType, bytes), bytes.length);
    }
}
