package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import java.util.List;
import java.util.Optional;

/**
 * What a reference points to: an index with the manifests that it lists, or one manifest. Documents are kept byte for
 * byte. Of the manifests that an index lists, those that were built, pulled or loaded are here.
 *
 * <p>Layers of images made here are described uncompressed, and no blobs of them exist: their bytes are in snapshots.
 * Whoever gives such a tree away writes new manifests, and with them a new index.
 *
 * @param root the index or manifest
 * @param bytes of the root
 * @param members in the order of the index; the root itself where that is a manifest
 */
public record ManifestTree(Descriptor root, byte[] bytes, List<Member> members) {

    public ManifestTree {
        members = List.copyOf(members);
    }

    /** What a manifest is of. */
    public enum Kind {
        IMAGE,
        /** Provenance or a bill of materials of another manifest of the same index. */
        ATTESTATION,
        /** An index within the index. */
        INDEX,
        /** Of a media type or for a purpose that is not known here. */
        OTHER
    }

    /**
     * One manifest.
     *
     * @param entry as the index describes it
     * @param image present when it is that of an image that is here
     * @param here whether the manifest is here
     */
    public record Member(ImageIndex.Entry entry, Kind kind, Optional<Image> image, boolean here) {

        /** The manifest that an attestation is about. */
        public Optional<Digest> subject() {
            return entry.annotation(ImageIndex.Entry.SUBJECT_DIGEST).map(Digest::parse);
        }
    }

    /** Whether the root is an index. */
    public boolean isIndex() {
        return MediaTypes.isIndex(root.mediaType());
    }

    /** The images that are here, in the order of the index. */
    public List<Image> images() {
        return members.stream().flatMap(member -> member.image().stream()).toList();
    }

    /** Whether everything that the index lists is here, so that it can be given away as it is. */
    public boolean isComplete() {
        return members.stream().allMatch(Member::here);
    }
}
