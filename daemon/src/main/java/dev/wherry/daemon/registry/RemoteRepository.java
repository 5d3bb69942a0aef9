package dev.wherry.daemon.registry;

import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.content.Ingest;
import dev.wherry.daemon.error.CorruptContentException;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import dev.wherry.daemon.error.UnavailableException;
import dev.wherry.daemon.error.WherryException;
import dev.wherry.daemon.metadata.Leases.Lease;
import dev.wherry.daemon.registry.transport.ProtocolException;
import dev.wherry.daemon.registry.transport.RegistryEndpoint;
import dev.wherry.daemon.registry.transport.RegistryResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongConsumer;

/**
 * A repository in a registry (OCI distribution-spec, "Pull"). Its endpoints are asked in order until one answers; that
 * one is asked first from then on. When none does, the repository's own endpoint says why.
 */
public final class RemoteRepository {

    /** What the distribution specification recommends as the least a registry must take. */
    private static final int MAX_MANIFEST = 4 << 20;

    /** The documents we understand. */
    static final String ACCEPT = String.join(
            ", ",
            "application/vnd.oci.image.index.v1+json",
            "application/vnd.oci.image.manifest.v1+json",
            "application/vnd.docker.distribution.manifest.list.v2+json",
            "application/vnd.docker.distribution.manifest.v2+json");

    private final List<RegistryEndpoint> endpoints;
    private final RegistryEndpoint origin;
    private final RegistryClient client;
    private final ContentStore content;
    private volatile RegistryEndpoint serving;

    RemoteRepository(
            List<RegistryEndpoint> endpoints, RegistryEndpoint origin, RegistryClient client, ContentStore content) {
        this.endpoints = endpoints;
        this.origin = origin;
        this.client = client;
        this.content = content;
    }

    /**
     * The manifest or index of a tag or digest.
     *
     * @throws NotFoundException when the repository has none, or is closed to the anonymous
     * @throws UnavailableException when no registry answers
     * @throws ExhaustedException when it is larger than 4 MiB; it is then not read
     * @throws CorruptContentException when it is not what its digest says
     */
    public RemoteManifest manifest(String selector) {
        return first(endpoint -> Retry.of(endpoint, () -> manifest(endpoint, selector)));
    }

    /** As above; empty when the repository has none. */
    public Optional<RemoteManifest> find(String selector) {
        try {
            return Optional.of(manifest(selector));
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    private RemoteManifest manifest(RegistryEndpoint endpoint, String selector) throws IOException {
        boolean byDigest = selector.contains(":");
        String name = endpoint + (byDigest ? "@" : ":") + selector;
        try (RegistryResponse answer = client.get(endpoint, "manifests/" + selector, Map.of("Accept", ACCEPT))) {
            if (answer.status() == 404) {
                throw new NotFoundException("image", name, name + " not found");
            }
            requireOk(answer);
            byte[] bytes = readManifest(answer, name);
            Digest digest = byDigest ? Digest.parse(selector) : announcedDigest(answer, bytes);
            if (!HexFormat.of()
                    .formatHex(digest.newMessageDigest().digest(bytes))
                    .equals(digest.hex())) {
                throw new CorruptContentException("the manifest of " + name + " is not what its digest says");
            }
            String mediaType =
                    answer.header("Content-Type").orElse("").split(";", 2)[0].strip();
            return new RemoteManifest(mediaType, digest, bytes);
        }
    }

    /**
     * All tags.
     *
     * @throws NotFoundException when there is no such repository, or it is closed to who asks
     */
    public List<String> tags() {
        return first(endpoint -> Retry.of(endpoint, new TagList(client, endpoint)::read));
    }

    /** The manifests that name one of this repository as their subject, such as its signatures. */
    public List<Descriptor> referrers(Digest subject) {
        return first(endpoint -> Retry.of(endpoint, () -> new ReferrerList(client, endpoint).read(subject)));
    }

    private static byte[] readManifest(RegistryResponse answer, String name) throws IOException {
        if (answer.announcedLength() <= MAX_MANIFEST) {
            byte[] bytes = answer.body().readNBytes(MAX_MANIFEST + 1);
            if (bytes.length <= MAX_MANIFEST) {
                return bytes;
            }
        }
        throw new ExhaustedException(
                "the manifest of " + name + " is larger than the " + (MAX_MANIFEST >> 20) + " MiB allowed for one");
    }

    private static Digest announcedDigest(RegistryResponse answer, byte[] bytes) throws ProtocolException {
        try {
            return answer.header("Docker-Content-Digest").map(Digest::parse).orElseGet(() -> Digest.sha256(bytes));
        } catch (InvalidInputException malformed) {
            throw new ProtocolException("it announces a malformed digest");
        }
    }

    private static void requireOk(RegistryResponse answer) throws ProtocolException {
        if (answer.status() != 200) {
            throw new ProtocolException("it answers with status " + answer.status());
        }
    }

    /**
     * Brings a blob into the content store, going on where an earlier attempt was cut, and takes hold of it.
     *
     * @param arrived told the number of bytes here so far
     * @return false when it was here already
     * @throws NotFoundException when the repository lacks it
     * @throws UnavailableException when no registry answers, or connections keep breaking
     * @throws CorruptContentException when it is not what the descriptor says
     */
    public boolean fetch(Lease lease, Descriptor blob, LongConsumer arrived) {
        if (isHere(lease, blob)) {
            return false;
        }
        return first(endpoint -> fetch(lease, endpoint, blob, arrived));
    }

    private boolean fetch(Lease lease, RegistryEndpoint endpoint, Descriptor blob, LongConsumer arrived) {
        boolean resumed = false;
        try (Ingest ingest = content.ingest(blob.digest().toString())) {
            if (isHere(lease, blob)) {
                return false;
            }
            resumed = ingest.offset() > 0;
            new BlobDownload(client, endpoint, blob, arrived).into(ingest);
            lease.hold(() -> ingest.commit(blob.digest(), blob.size()));
            return true;
        } catch (CorruptContentException mismatch) {
            // What was left of an earlier attempt may be what is wrong; it is dropped now.
            if (!resumed) {
                throw mismatch;
            }
        }
        return fetch(lease, endpoint, blob, arrived);
    }

    /**
     * A small blob, its digest verified.
     *
     * @param most the largest size that is read
     * @throws ExhaustedException when it is larger; it is then not read
     */
    public byte[] read(Descriptor blob, int most) {
        if (blob.size() > most) {
            throw new ExhaustedException(
                    blob.digest() + " of " + origin + " is larger than the " + most + " bytes allowed for what it is");
        }
        return first(endpoint -> Retry.of(endpoint, () -> {
            try (InputStream in = new RemoteBlob(client, endpoint, blob).open(0)) {
                return in.readAllBytes();
            }
        }));
    }

    /** A blob to send elsewhere. Nothing is asked of a registry before it is opened. */
    public BlobSource blob(Descriptor blob) {
        return new RemoteBlob(client, serving == null ? inOrder().getFirst() : serving, blob);
    }

    private boolean isHere(Lease lease, Descriptor blob) {
        return lease.holdIf(blob.digest(), () -> content.contains(blob.digest()));
    }

    private <T> T first(Function<RegistryEndpoint, T> request) {
        WherryException reason = null;
        String unreachable = null;
        for (RegistryEndpoint endpoint : inOrder()) {
            if (endpoint.host().equals(unreachable)) {
                continue;
            }
            try {
                T result = request.apply(endpoint);
                serving = endpoint;
                return result;
            } catch (NotFoundException | CorruptContentException | UnavailableException failure) {
                unreachable = failure instanceof UnavailableException ? endpoint.host() : unreachable;
                reason = reason == null || endpoint.equals(origin) ? failure : reason;
            }
        }
        throw reason;
    }

    private List<RegistryEndpoint> inOrder() {
        List<RegistryEndpoint> order = new ArrayList<>(endpoints);
        if (serving != null) {
            order.remove(serving);
            order.addFirst(serving);
        }
        return order;
    }
}
