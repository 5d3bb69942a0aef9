package dev.wherry.daemon.builder.export;

import dev.wherry.daemon.builder.cache.remote.RemoteLayer;
import dev.wherry.daemon.builder.cache.remote.RemoteRecord;
import dev.wherry.daemon.builder.solver.Solver;
import dev.wherry.daemon.builder.solver.Vertex;
import dev.wherry.daemon.content.ContentStore;
import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.metadata.Leases.Lease;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The blobs that layers of a build came in, with base images and from shared caches, as far as they are here. */
final class ReceivedBlobs {

    private final ImageStore images;
    private final ContentStore content;
    private final Lease lease;
    private final Map<Digest, Descriptor> received = new HashMap<>();
    private final Set<Vertex> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param lease takes hold of them */
    ReceivedBlobs(ImageStore images, ContentStore content, Lease lease) {
        this.images = images;
        this.content = content;
        this.lease = lease;
    }

    /** Those of vertices and all below them, by diff ID. */
    Map<Digest, Descriptor> of(List<Vertex> tops, Solver solver) {
        tops.forEach(top -> visit(top, solver));
        return received;
    }

    private void visit(Vertex top, Solver solver) {
        if (seen.add(top)) {
            switch (top) {
                case Vertex.Source source ->
                    source.image().ifPresent(image -> received.putAll(images.layerBlobs(image, lease)));
                case Vertex.Derived _ ->
                    add(solver.result(top)
                            .remote()
                            .flatMap(RemoteRecord::layers)
                            .orElse(List.of()));
            }
            top.parents().forEach(parent -> visit(parent, solver));
        }
    }

    private void add(List<RemoteLayer> layers) {
        for (RemoteLayer layer : layers) {
            Digest digest = layer.blob().digest();
            if (!received.containsKey(layer.diffId()) && lease.holdIf(digest, () -> content.contains(digest))) {
                received.put(layer.diffId(), layer.blob());
            }
        }
    }
}
