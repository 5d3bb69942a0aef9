package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;

/** Where things are in an image layout (OCI image-spec, "Image Layout"). */
public final class ImageLayout {

    /** The file that says that this is a layout. */
    public static final String MARK = "oci-layout";

    /** The index of what is in it. */
    public static final String INDEX = "index.json";

    /** Annotation of an entry of that index: mostly a tag, but some tools write a whole reference. */
    public static final String REF_NAME = "org.opencontainers.image.ref.name";

    private ImageLayout() {}

    /** The file of a blob. */
    public static String path(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    /** What an entry of the index is named; empty where it has no name. */
    public static String refName(ImageIndex.Entry entry) {
        return entry.annotations() == null ? "" : entry.annotations().getOrDefault(REF_NAME, "");
    }
}
