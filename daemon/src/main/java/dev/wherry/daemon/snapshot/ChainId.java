package dev.wherry.daemon.snapshot;

import dev.wherry.daemon.content.Digest;
import java.util.List;
import java.util.Optional;

/** The chain ID of the OCI image specification ("Layer ChainID"): names a layer together with all below it. */
final class ChainId {

    private ChainId() {}

    static Digest of(Optional<Digest> parent, Digest diffId) {
        return parent.map(below -> Digest.sha256(below + " " + diffId)).orElse(diffId);
    }

    /** @param diffIds bottom first, at least one */
    static Digest of(List<Digest> diffIds) {
        Optional<Digest> chain = Optional.empty();
        for (Digest diffId : diffIds) {
            chain = Optional.of(of(chain, diffId));
        }
        return chain.orElseThrow();
    }
}
