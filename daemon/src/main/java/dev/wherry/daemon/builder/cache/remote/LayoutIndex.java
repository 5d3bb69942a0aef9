package dev.wherry.daemon.builder.cache.remote;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.image.CanonicalJson;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageLayout;
import dev.wherry.daemon.image.MediaTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code index.json} of a directory that holds caches by their tags (OCI image-spec, "Image Layout"). */
final class LayoutIndex {

    private LayoutIndex() {}

    /**
     * The index with one more manifest, in place of that which had its tag.
     *
     * @param present the bytes of the index as it is; empty when there is none
     */
    static byte[] with(byte[] present, Descriptor manifest, String tag) {
        List<ImageIndex.Entry> entries = new ArrayList<>();
        if (present.length > 0) {
            ImageIndex index = CanonicalJson.read(present, ImageIndex.class, "the index.json of the cache's directory");
            Optional.ofNullable(index.manifests()).orElse(List.of()).stream()
                    .filter(entry ->
                            entry != null && !ImageLayout.refName(entry).equals(tag))
                    .forEach(entries::add);
        }
        entries.add(new ImageIndex.Entry(
                manifest.mediaType(), manifest.digest(), manifest.size(), null, Map.of(ImageLayout.REF_NAME, tag)));
        return CanonicalJson.write(new ImageIndex(2, MediaTypes.INDEX, entries));
    }
}
