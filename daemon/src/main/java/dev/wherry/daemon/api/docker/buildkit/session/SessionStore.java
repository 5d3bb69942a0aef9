package dev.wherry.daemon.api.docker.buildkit.session;

import com.google.protobuf.ByteString;
import dev.wherry.buildkit.content.ContentGrpc;
import dev.wherry.buildkit.content.Info;
import dev.wherry.buildkit.content.InfoRequest;
import dev.wherry.buildkit.content.InfoResponse;
import dev.wherry.buildkit.content.ListContentRequest;
import dev.wherry.buildkit.content.ListContentResponse;
import dev.wherry.buildkit.content.ReadContentRequest;
import dev.wherry.buildkit.content.ReadContentResponse;
import dev.wherry.buildkit.content.WriteContentRequest;
import dev.wherry.buildkit.content.WriteContentResponse;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.ExhaustedException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.NotFoundException;
import io.grpc.Metadata;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A directory of the client in the OCI image layout, of which the client gives and takes the blobs alone.
 *
 * @param id as the client calls it in its session
 */
public record SessionStore(ClientSession session, String id) {

    /** What images of the layout are called. */
    private static final String IMAGES = "oci:";

    /** What caches in it are called. */
    private static final String CACHES = "local:";

    private static final Metadata.Key<String> STORE =
            Metadata.Key.of("buildkit-attachable-store-id", Metadata.ASCII_STRING_MARSHALLER);

    private static final int MOST_BLOBS = 100_000;

    public static SessionStore ofImages(ClientSession session, String name) {
        return new SessionStore(session, IMAGES + name);
    }

    public static SessionStore ofCaches(ClientSession session, String folder) {
        return new SessionStore(session, CACHES + folder);
    }

    private Metadata headers() {
        Metadata headers = new Metadata();
        headers.put(STORE, id);
        return headers;
    }

    /** What the client knows of a blob; empty when it does not have it. */
    Optional<Info> find(Digest blob) throws InterruptedException {
        InfoRequest question =
                InfoRequest.newBuilder().setDigest(blob.toString()).build();
        try (SessionCall<InfoRequest, InfoResponse> call = session.open(ContentGrpc.getInfoMethod(), headers())) {
            call.ask(question);
            return call.next().map(answer -> answer.getInfo());
        } catch (NotFoundException none) {
            return Optional.empty();
        }
    }

    /** The blobs that the client has. */
    public Set<Digest> blobs() throws InterruptedException {
        Set<Digest> blobs = new HashSet<>();
        try (SessionCall<ListContentRequest, ListContentResponse> call =
                session.open(ContentGrpc.getListMethod(), headers())) {
            call.ask(ListContentRequest.getDefaultInstance());
            for (Optional<ListContentResponse> part = call.next(); part.isPresent(); part = call.next()) {
                for (Info blob : part.get().getInfoList()) {
                    blobs.add(Digest.parse(blob.getDigest()));
                }
                if (blobs.size() > MOST_BLOBS) {
                    throw new ExhaustedException("the client's directory has more than " + MOST_BLOBS + " blobs");
                }
            }
        } catch (InvalidInputException unlisted) {
            // Clients call it an error that a new directory has no folder for blobs yet.
            return Set.of();
        }
        return blobs;
    }

    /** Takes the pieces of a blob. */
    @FunctionalInterface
    interface Pieces<E extends Exception> {
        void take(ByteString piece) throws E;
    }

    /**
     * Reads a blob to its end. Whoever takes the pieces checks how many there are, and their digest.
     *
     * @throws NotFoundException when the client does not have it
     */
    <E extends Exception> void read(Digest blob, Pieces<E> pieces) throws InterruptedException, E {
        try (SessionCall<ReadContentRequest, ReadContentResponse> call =
                session.openLarge(ContentGrpc.getReadMethod(), headers())) {
            call.ask(ReadContentRequest.newBuilder().setDigest(blob.toString()).build());
            for (Optional<ReadContentResponse> part = call.next(); part.isPresent(); part = call.next()) {
                pieces.take(part.get().getData());
            }
        }
    }

    /** Begins to write a blob. */
    SessionCall<WriteContentRequest, WriteContentResponse> write() {
        return session.open(ContentGrpc.getWriteMethod(), headers());
    }

    /** @throws InvalidInputException when the client's session has no such directories */
    public void require() {
        if (!session.offers(ContentGrpc.getReadMethod())) {
            throw new InvalidInputException("the client does not offer its image layouts in its session");
        }
    }
}
