package dev.wherry.daemon.image.copy;

import dev.wherry.daemon.content.Descriptor;
import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.image.MediaTypes;
import dev.wherry.daemon.registry.ReferrerTags;
import dev.wherry.daemon.registry.RemoteManifest;
import dev.wherry.daemon.registry.RemoteRepository;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/**
 * What refers to a manifest in its repository.
 *
 * @param listed what the registry lists, and what the index under the manifest's own tag lists
 * @param tagged what has a tag made of the manifest's digest, that index included
 */
record Referrers(Digest subject, SequencedSet<Digest> listed, SequencedMap<String, RemoteManifest> tagged) {

    static Referrers of(RemoteRepository repository, Digest subject) {
        SequencedSet<Digest> listed = new LinkedHashSet<>();
        repository.referrers(subject).stream().map(Descriptor::digest).forEach(listed::add);
        SequencedMap<String, RemoteManifest> tagged = new LinkedHashMap<>();
        for (String tag : ReferrerTags.of(subject)) {
            repository.find(tag).ifPresent(manifest -> tagged.put(tag, manifest));
        }
        // A registry that has learned to list referrers may have some that were pushed before.
        Referrers found = new Referrers(subject, listed, tagged);
        Optional.ofNullable(tagged.get(ReferrerTags.index(subject)))
                .filter(_ -> found.isList(ReferrerTags.index(subject)))
                .ifPresent(index ->
                        RemoteDocument.of(index).documents().forEach(document -> listed.add(document.digest())));
        return found;
    }

    /** Whether a tag names the list of what refers to the subject, rather than something that does. */
    boolean isList(String tag) {
        return tag.equals(ReferrerTags.index(subject)) && MediaTypes.isIndex(MediaTypes.of(tagged.get(tag)));
    }
}
