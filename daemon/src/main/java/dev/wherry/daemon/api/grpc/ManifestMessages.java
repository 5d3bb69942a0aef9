package dev.wherry.daemon.api.grpc;

import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.ManifestTrees;
import dev.wherry.daemon.image.Platform;
import dev.wherry.v1.ImageManifest;
import java.util.List;
import java.util.Optional;

/** What an index lists, as messages. */
final class ManifestMessages {

    private ManifestMessages() {}

    static List<ImageManifest> of(ManifestTree tree, ManifestTrees trees) {
        return tree.members().stream().map(member -> of(member, trees)).toList();
    }

    private static ImageManifest of(ManifestTree.Member member, ManifestTrees trees) {
        ImageManifest.Builder manifest = ImageManifest.newBuilder()
                .setDigest(member.entry().digest().toString())
                .setKind(
                        switch (member.kind()) {
                            case IMAGE -> ImageManifest.Kind.KIND_IMAGE;
                            case ATTESTATION -> ImageManifest.Kind.KIND_ATTESTATION;
                            case INDEX, OTHER -> ImageManifest.Kind.KIND_OTHER;
                        })
                .setAvailable(member.here())
                .setContentBytes(trees.contentBytes(member));
        Optional<Platform> platform = member.image()
                .map(Image::platform)
                .or(() -> Optional.ofNullable(member.entry().platform()));
        platform.ifPresent(known -> manifest.setPlatform(known.toString()));
        member.image()
                .ifPresent(image -> manifest.setImageId(image.id().toString())
                        .setUnpackedBytes(image.size())
                        .setInUse(trees.isUsed(image)));
        return manifest.build();
    }
}
