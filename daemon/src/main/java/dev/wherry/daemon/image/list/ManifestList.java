package dev.wherry.daemon.image.list;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.image.Reference;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/** A list as it stands. */
public record ManifestList(Reference reference, List<ListEntry> entries) {

    public ManifestList {
        entries = List.copyOf(entries);
    }

    @RegisterForReflection
    record Document(int schemaVersion, String mediaType, List<Item> manifests) {}

    @RegisterForReflection
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Item(String mediaType, long size, Digest digest, ListedPlatform platform) {}

    /** Like docker's: an index of OCI if its first manifest is one of OCI, else docker's equivalent. */
    public String mediaType() {
        return !entries.isEmpty() && entries.getFirst().mediaType().equals(MediaTypes.MANIFEST)
                ? MediaTypes.INDEX
                : MediaTypes.DOCKER_INDEX;
    }

    /** The index that is pushed. */
    public byte[] document() {
        return CanonicalJson.write(new Document(
                2,
                mediaType(),
                entries.stream()
                        .map(entry -> new Item(entry.mediaType(), entry.size(), entry.digest(), entry.platform()))
                        .toList()));
    }
}
