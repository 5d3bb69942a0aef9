package dev.wherry.daemon.image.push;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.Image;
import dev.wherry.daemon.image.ImageIndex;
import dev.wherry.daemon.image.ImageStore;
import dev.wherry.daemon.image.ManifestTree;
import dev.wherry.daemon.image.ManifestTree.Member;
import dev.wherry.daemon.image.Platform;
import dev.wherry.daemon.image.Reference;
import dev.wherry.daemon.registry.PushTarget;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The push of what one tag points to: the manifest of an image, or an index with the manifests that it lists. What names
 * others comes after them, the tag last.
 */
final class PushJob {

    private final Reference reference;
    private final ManifestTree tree;
    private final PushTarget target;
    private final ManifestPush manifests;

    PushJob(Reference reference, ManifestTree tree, PushTarget target, ManifestPush manifests) {
        this.reference = reference;
        this.tree = tree;
        this.target = target;
        this.manifests = manifests;
    }

    /** Pushes all, or the image for one platform; returns the manifest or index that the tag now points to. */
    PushedManifest run(Optional<Platform> platform) {
        if (platform.isPresent()) {
            return single(forPlatform(platform.get()));
        }
        if (!tree.isIndex()) {
            return single(tree.members().getFirst());
        }
        List<Member> here = tree.members().stream().filter(Member::here).toList();
        List<Member> images =
                here.stream().filter(member -> member.image().isPresent()).toList();
        if (isWhole()) {
            return index(here, tree.bytes());
        }
        return images.size() == 1 ? single(images.getFirst()) : index(here, PushedIndex.only(tree.bytes(), here));
    }

    private Member forPlatform(Platform platform) {
        return platform.best(
                        tree.members().stream()
                                .filter(member -> member.image().isPresent())
                                .toList(),
                        member -> member.image().orElseThrow().platform())
                .filter(member -> member.image().orElseThrow().platform().equals(platform))
                .orElseThrow(() -> ImageStore.notFor(reference.familiar(), platform));
    }

    /** Whether the index can be pushed as it is: what of it is not here must be there. */
    private boolean isWhole() {
        return tree.members().stream()
                .filter(member -> !member.here())
                .allMatch(member ->
                        target.find(member.entry().digest().toString()).isPresent());
    }

    private PushedManifest single(Member member) {
        Image image = member.image().orElseThrow();
        Digest digest = member.entry().digest();
        Optional<PushedManifest> known = manifests.known(digest, image);
        if (known.isPresent() && target.find(reference.selector()).equals(known.map(PushedManifest::digest))) {
            manifests.existing(image);
            return known.get();
        }
        PushedManifest pushed = manifests.send(digest, image);
        target.put(reference.selector(), pushed.mediaType(), pushed.bytes());
        return pushed;
    }

    private PushedManifest index(List<Member> members, byte[] document) {
        String type = tree.root().mediaType();
        Digest digest = Digest.sha256(document);
        boolean unchanged = members.stream().allMatch(this::isUnchanged);
        if (unchanged && target.find(reference.selector()).equals(Optional.of(digest))) {
            members.forEach(member -> member.image().ifPresent(manifests::existing));
            return new PushedManifest(type, document);
        }
        Map<Digest, PushedManifest> changed = new HashMap<>();
        for (Member member : imagesFirst(members)) {
            Digest before = member.entry().digest();
            PushedManifest pushed = send(member, changed);
            target.put(pushed.digest().toString(), pushed.mediaType(), pushed.bytes());
            if (!pushed.digest().equals(before)) {
                changed.put(before, pushed);
            }
        }
        byte[] bytes = changed.isEmpty() ? document : PushedIndex.with(document, changed);
        target.put(reference.selector(), type, bytes);
        return new PushedManifest(type, bytes);
    }

    /** What is about another manifest can be written once it is known how that is pushed. */
    private static List<Member> imagesFirst(List<Member> members) {
        return members.stream()
                .sorted(Comparator.comparing((Member member) -> member.image().isEmpty()))
                .toList();
    }

    private PushedManifest send(Member member, Map<Digest, PushedManifest> changed) {
        ImageIndex.Entry entry = member.entry();
        if (member.image().isPresent()) {
            return manifests.send(entry.digest(), member.image().get());
        }
        Optional<Digest> subject = member.subject().filter(changed::containsKey);
        return subject.isPresent()
                ? manifests.attestation(
                        entry.digest(),
                        entry.mediaType(),
                        subject.get(),
                        changed.get(subject.get()).digest())
                : manifests.artifact(entry.digest(), entry.mediaType());
    }

    private boolean isUnchanged(Member member) {
        Digest digest = member.entry().digest();
        return member.image().isEmpty()
                || manifests
                        .known(digest, member.image().get())
                        .map(PushedManifest::digest)
                        .equals(Optional.of(digest));
    }
}
