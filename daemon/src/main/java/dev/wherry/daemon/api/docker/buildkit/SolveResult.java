package dev.wherry.daemon.api.docker.buildkit;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.wherry.buildkit.ops.Definition;
import dev.wherry.buildkit.ops.Input;
import dev.wherry.buildkit.ops.Op;
import dev.wherry.buildkit.ops.OpMetadata;
import dev.wherry.buildkit.ops.SourceOp;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Reference;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one call of the bridge has built.
 *
 * @param naming gives the image a name in the store, into which it is put where the build itself did not
 */
record SolveResult(Consumer<Reference> naming) {

    /** A scheme that BuildKit does not have: a definition with it means something to this daemon alone. */
    private static final String SCHEME = "wherry-build://";

    /** The definition that stands for a result where a client gives it to another build. */
    static Definition definition(String build, String number) {
        ByteString source = Op.newBuilder()
                .setSource(SourceOp.newBuilder().setIdentifier(SCHEME + build + "/" + number))
                .build()
                .toByteString();
        String digest = Digest.sha256(source.toByteArray()).toString();
        ByteString end = Op.newBuilder()
                .addInputs(Input.newBuilder().setDigest(digest).setIndex(0))
                .build()
                .toByteString();
        // Clients take a definition without metadata for none at all.
        return Definition.newBuilder()
                .addDef(source)
                .addDef(end)
                .putMetadata(digest, OpMetadata.getDefaultInstance())
                .build();
    }

    /**
     * What a definition stands for.
     *
     * @param build as its client named it
     */
    record Place(String build, String number) {}

    /** Empty for a definition that this daemon did not give out. */
    static Optional<Place> place(Definition definition) {
        for (ByteString bytes : definition.getDefList()) {
            try {
                Op op = Op.parseFrom(bytes);
                String identifier = op.getSource().getIdentifier();
                int slash = identifier.lastIndexOf('/');
                if (op.hasSource() && identifier.startsWith(SCHEME) && slash > SCHEME.length()) {
                    return Optional.of(
                            new Place(identifier.substring(SCHEME.length(), slash), identifier.substring(slash + 1)));
                }
            } catch (InvalidProtocolBufferException malformed) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }
}
